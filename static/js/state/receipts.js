// What the server has stored of the viewer's own answers, before the event that tells everyone. Pure.

import { rank } from "./selectors.js";

/** @typedef {import("../types/page.js").CircleState} CircleState */

/**
 * How far the viewer has come is so from now on, and not only once the event comes: what waited on the device is forgotten,
 * and a button would say again for a moment what was said already.
 * @param {CircleState} state
 * @param {Pick<import("../types/messages.js").ReceiptStored, "alert_id" | "state">} receipt
 * @returns {CircleState} the very same object when nothing changed
 */
export function withReceipt(state, { alert_id, state: reached }) {
  return withStored({ ...state, stored: { ...state.stored, [alert_id]: reached } }, state);
}

/**
 * An event of an earlier answer does not take back a later one that is stored: its own event is on its way.
 * @param {CircleState} state
 * @param {CircleState} [unchanged]  what to return when the snapshot says all of it already
 * @returns {CircleState}
 */
export function withStored(state, unchanged) {
  const { stored, snapshot, viewer, ...rest } = state;
  if (!stored || !snapshot) return unchanged ?? state;
  const isBehind = (/** @type {import("../types/messages.js").Delivery} */ { alert_id, recipient_id, state: known }) =>
    rank(stored[alert_id] ?? "") > rank(known) && (viewer?.responder_ids.includes(recipient_id) ?? false);
  const behind = snapshot.incidents.flatMap(({ deliveries }) => deliveries.filter(isBehind));
  if (behind.length === 0) return unchanged ?? { ...rest, viewer, snapshot };
  const incidents = snapshot.incidents.map((detail) => {
    if (!detail.deliveries.some(isBehind)) return detail;
    return { ...detail, deliveries: detail.deliveries.map((each) => (isBehind(each) ? { ...each, state: stored[each.alert_id] ?? each.state } : each)) };
  });
  const left = Object.fromEntries(behind.map(({ alert_id }) => [alert_id, stored[alert_id] ?? "queued"]));
  return { ...rest, viewer, stored: left, snapshot: { ...snapshot, incidents } };
}
