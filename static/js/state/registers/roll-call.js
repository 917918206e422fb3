// A roll-call as this device shows it: what the server knows, and over it the taps that it does not have yet. Pure.

/**
 * @typedef {import("../../types/messages.js").RollCall} RollCall
 * @typedef {import("../../types/messages.js").RollCallDoor} RollCallDoor
 * @typedef {import("../../types/messages.js").RollCallState} RollCallState
 * @typedef {import("../../types/page.js").PendingMark} PendingMark
 * @typedef {RollCallDoor & { waits: boolean }} ShownDoor  `waits`: for the network
 */

/** Where the device keeps them. */
export const ROLL_CALL_MARKS = "roll-call-marks";
/** TAKEN_AFTER_END of responder/domain/registers/roll_call.py: later the server takes none. */
const KEPT_MS = 72 * 3600 * 1000;
export const MOST_PEOPLE = 99;
export const STATES = Object.freeze(/** @type {const} */ (["out", "not_found", "refused", "needs_carrying"]));

/**
 * @param {string | null} stored
 * @param {number} nowMs
 * @returns {PendingMark[]} without what is too old to be taken
 */
export function parsed(stored, nowMs) {
  try {
    const items = JSON.parse(stored ?? "[]");
    return Array.isArray(items) ? items.filter((item) => item?.id && item.incident_id && item.account_id && item.label && nowMs - Date.parse(item.at) < KEPT_MS) : [];
  } catch {
    return [];
  }
}

/**
 * @param {PendingMark} item
 * @returns {object} as the server takes it
 */
export const bodyOf = ({ id, building_id, label, state, people, at, note }) => ({ id, building_id, label, state, people, at, note });

/**
 * Take off what the server has answered about.
 * @param {readonly PendingMark[]} items
 * @param {{ taken: readonly string[], refused: readonly { id: string, reason: string }[] }} answer
 * @returns {PendingMark[]}
 */
export function settled(items, { taken, refused }) {
  const done = new Set(taken);
  const why = new Map(refused.map(({ id, reason }) => [id, reason]));
  return items.filter(({ id }) => !done.has(id)).map((item) => (why.has(item.id) ? { ...item, refused: why.get(item.id) ?? null } : item));
}

/** @param {{ building_id: string, label: string }} door */
const keyOf = ({ building_id, label }) => `${building_id} ${label}`;

/**
 * @param {RollCall} rollCall
 * @param {readonly PendingMark[]} pending  of this incident
 * @returns {ShownDoor[]} the doors with the taps of this device
 */
export function shownDoors({ doors }, pending) {
  const shown = new Map(doors.map((door) => [keyOf(door), { ...door, waits: false }]));
  for (const { building_id, label, state, people, note, at, refused } of pending) {
    if (refused) continue;
    const known = shown.get(keyOf({ building_id, label })) ?? { building_id, label, floor: null, expected: null, state: /** @type {const} */ ("unmarked"), people: 0, note: "", at: null, waits: false };
    // That another person has to be carried is only known to be over once they are out.
    const stays = known.state === "needs_carrying" && !known.waits && state !== "out";
    const isOlder = known.at !== null && Date.parse(known.at) > Date.parse(at);
    shown.set(keyOf(known), stays || isOlder ? { ...known, waits: true } : { ...known, state, people, note, at, waits: true });
  }
  return [...shown.values()];
}

/**
 * Count people and doors; `totals_of` of responder/domain/registers/roll_call.py counts the same.
 * @param {readonly RollCallDoor[]} doors
 */
export function totalsOf(doors) {
  const totals = { expected: 0, out: 0, missing: 0, not_found: 0, needs_carrying: 0, refused: 0, doors: doors.length, unmarked_doors: 0 };
  for (const { state, people, expected } of doors) {
    totals.expected += expected ?? 0;
    if (state === "unmarked") totals.unmarked_doors += 1;
    else totals[state] += people;
    if (state === "out" && expected !== null) totals.missing += Math.max(0, expected - people);
  }
  return totals;
}

/**
 * @param {readonly ShownDoor[]} doors
 * @param {{ typed: string, onlyUnmarked: boolean }} filter
 * @returns {{ building_id: string, floor: number | null, doors: ShownDoor[] }[]} by building and floor, the lowest first: who lives low is there first
 */
export function byFloor(doors, { typed, onlyUnmarked }) {
  const wanted = plain(typed);
  const found = doors.filter(({ label, state }) => (!onlyUnmarked || state === "unmarked") && label.includes(wanted));
  /** @type {Map<string, { building_id: string, floor: number | null, doors: ShownDoor[] }>} */
  const floors = new Map();
  for (const door of found) {
    const key = `${door.building_id} ${door.floor}`;
    const group = floors.get(key) ?? { building_id: door.building_id, floor: door.floor, doors: [] };
    group.doors.push(door);
    floors.set(key, group);
  }
  return [...floors.values()].sort((a, b) => compare(a.building_id, b.building_id) || (a.floor ?? Infinity) - (b.floor ?? Infinity));
}

/**
 * @param {readonly ShownDoor[]} doors
 * @returns {ShownDoor[]} those who must be carried, the highest floor first: theirs is the longest way
 */
export const toCarry = (doors) => doors.filter(({ state }) => state === "needs_carrying").sort((a, b) => (b.floor ?? -Infinity) - (a.floor ?? -Infinity) || compare(a.label, b.label));

/**
 * @param {string} text  labels, each with how many live there if that is known: "301 302=4"
 * @returns {{ label: string, expected: number | null }[]}
 */
export function doorsTyped(text) {
  return text
    .normalize("NFKC")
    .split(/[\s,、;；。]+/u)
    .filter(Boolean)
    .map((each) => {
      const [label = "", people] = each.split("=");
      const expected = people === undefined || people === "" ? null : Number(people);
      return { label: label.toUpperCase(), expected };
    });
}

/** @param {string} label */
export const plain = (label) => label.normalize("NFKC").trim().replace(/\s+/g, " ").toUpperCase();

/**
 * @param {string} a
 * @param {string} b
 */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
