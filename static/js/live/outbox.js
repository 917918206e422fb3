// Receipts on their way to the server. CachedCircle on the device until the server says they are stored, so that an
// answer given in a stairwell without signal is not lost. Pure, but for `load` and `save`.

/** @typedef {import("../types/page.js").OutboxItem} OutboxItem */

/** @param {string} circleId */
export const storageKeyOf = (circleId) => `responder.outbox.${circleId}`;

const KEPT_MS = 24 * 3600 * 1000;

/**
 * @param {readonly OutboxItem[]} items
 * @param {OutboxItem} item
 * @returns {OutboxItem[]} unchanged in length when the same answer waits already
 */
export function queued(items, item) {
  const ofAlert = items.filter((other) => other.alert_id === item.alert_id);
  // A person who changes from one unit to another and back has named the first one twice.
  const said = item.unit_id ? ofAlert.slice(-1) : ofAlert;
  const waits = said.some((other) => other.state === item.state && other.unit_id === item.unit_id);
  return waits ? [...items] : [...items, item];
}

/**
 * What a person said must come through, also when they have left the unit that they chose.
 * @param {readonly OutboxItem[]} items
 * @param {string} actionId
 * @returns {OutboxItem[]} with this one going with whichever unit the server has
 */
export function withoutUnit(items, actionId) {
  return items.map(({ unit_id, ...item }) => (item.action_id === actionId || unit_id === undefined ? item : { ...item, unit_id }));
}

/**
 * @param {readonly OutboxItem[]} items
 * @param {string} actionId
 */
export function settled(items, actionId) {
  return items.filter((item) => item.action_id !== actionId);
}

/**
 * @param {readonly OutboxItem[]} items
 * @param {number} nowMs
 * @returns {OutboxItem[]} without what is too old to mean anything
 */
export function current(items, nowMs) {
  return items.filter((item) => nowMs - Date.parse(item.at) < KEPT_MS);
}

/**
 * @param {Pick<Storage, "getItem">} storage
 * @param {string} key
 * @returns {OutboxItem[]}
 */
export function load(storage, key) {
  try {
    const stored = JSON.parse(storage.getItem(key) ?? "[]");
    return Array.isArray(stored) ? stored.filter((item) => item?.action_id && item?.alert_id) : [];
  } catch {
    return [];
  }
}

/**
 * @param {Pick<Storage, "setItem">} storage
 * @param {string} key
 * @param {readonly OutboxItem[]} items
 */
export function save(storage, key, items) {
  try {
    storage.setItem(key, JSON.stringify(items));
  } catch {
    // A full or forbidden storage: the items are still in memory and are sent from there.
  }
}
