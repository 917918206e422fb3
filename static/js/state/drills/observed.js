// What was seen in drills and kept on the device until the server has it: with one tap, and what is said of it after. Pure.

/** @typedef {import("../../types/page.js").PendingObservation} PendingObservation */

/** TAKEN_AFTER_END of responder/services/drills/observe.py: later the server takes none. */
const KEPT_MS = 72 * 3600 * 1000;

/**
 * @param {Pick<PendingObservation, "id" | "circle_id" | "drill_id" | "account_id" | "at" | "verdict">} tap
 * @returns {PendingObservation}
 */
export const tapped = (tap) => ({ ...tap, text: "", objective: null, lon: null, lat: null, photo: false, said: 1, sent: 0, refused: null });

/**
 * @param {readonly PendingObservation[]} items
 * @param {string} id
 * @param {Partial<Pick<PendingObservation, "verdict" | "text" | "objective" | "lon" | "lat">>} change
 * @returns {PendingObservation[]} in which it is said again, if it is another one by that
 */
export const amended = (items, id, change) => changed(items, id, (item) => (isOther(item, change) ? { ...item, ...change, said: item.said + 1, refused: null } : item));

/**
 * @param {PendingObservation} item
 * @param {Partial<PendingObservation>} change
 */
const isOther = (item, change) => Object.entries(change).some(([field, value]) => item[/** @type {keyof PendingObservation} */ (field)] !== value);

/**
 * @param {readonly PendingObservation[]} items
 * @param {string} id
 * @param {(item: PendingObservation) => PendingObservation} change
 */
export const changed = (items, id, change) => items.map((item) => (item.id === id ? change(item) : item));

/** @param {Pick<PendingObservation, "said" | "sent" | "photo" | "refused">} item */
export const isWaiting = ({ said, sent, photo, refused }) => refused === null && (sent < said || photo);

/**
 * @param {readonly PendingObservation[]} items
 * @param {number} nowMs
 * @returns {PendingObservation[]} without what is too old to be taken
 */
export const current = (items, nowMs) => items.filter((item) => nowMs - Date.parse(item.at) < KEPT_MS);

/**
 * @param {PendingObservation} item
 * @returns {object} as the server takes it
 */
export const bodyOf = ({ at, verdict, text, objective, lon, lat }) => ({ at, verdict, text: text.trim(), objective, lon, lat });

/**
 * @param {string | null} stored
 * @returns {PendingObservation[]}
 */
export function parsed(stored) {
  try {
    const items = JSON.parse(stored ?? "[]");
    return Array.isArray(items) ? items.filter((item) => item?.id && item.drill_id && item.account_id && item.said) : [];
  } catch {
    return [];
  }
}

/**
 * @typedef {object} Own  one of the viewer's, as the list shows it
 * @property {string} id
 * @property {string} at
 * @property {"good" | "improve" | "note"} verdict
 * @property {string} text
 * @property {"sent" | "waiting" | "refused"} state
 * @property {boolean} hasPhoto  with the server
 * @property {string | null} refused
 */

/**
 * @param {readonly PendingObservation[]} items  of the drill
 * @param {readonly import("../../types/drills.js").Observation[]} known  of the viewer, with the server
 * @returns {Own[]} the last seen first
 */
export function ownOf(items, known) {
  const here = new Set(items.map(({ id }) => id));
  const withServer = new Map(known.map((each) => [each.id, each]));
  const kept = items.map(({ id, at, verdict, text, photo, said, sent, refused }) => ({
    id,
    at,
    verdict,
    text,
    state: /** @type {Own["state"]} */ (refused ? "refused" : isWaiting({ said, sent, photo, refused }) ? "waiting" : "sent"),
    hasPhoto: withServer.get(id)?.has_photo === true,
    refused,
  }));
  const others = known.filter(({ id }) => !here.has(id)).map(({ id, at, verdict, text, has_photo }) => ({ id, at, verdict, text, state: /** @type {const} */ ("sent"), hasPhoto: has_photo, refused: null }));
  return [...kept, ...others].sort((a, b) => b.at.localeCompare(a.at));
}
