// The last snapshot of a circle and its gates, kept on the device: in a stairwell without signal a reloaded page is not empty.

import { forgetRemembered, remembered, rememberedKeys } from "../lib/storage.js";
import { may } from "./access.js";

/** @typedef {import("../types/page.js").Gate} Gate */

/**
 * @typedef {object} CachedCircle
 * @property {string} circleId
 * @property {number} at  milliseconds since 1970
 * @property {import("../types/page.js").CircleState} live
 * @property {Gate[] | null} [gates]  with the telephones of those who have the keys, for those who may have them
 */

const PREFIX = "responder.kept.";

/**
 * @param {string} circleId
 * @param {import("../types/page.js").CircleState} live
 * @param {number} at
 * @param {readonly Gate[] | null} known  null while they have not come: those that are kept stay
 */
export function cacheCircle(circleId, live, at, known) {
  if (!live.snapshot) return;
  const gates = (known ?? cachedCircle(circleId)?.gates)?.map((gate) => (mayTelephone(live) ? gate : withoutTelephones(gate))) ?? null;
  // Positions are sensitive and go stale at once: they are not kept.
  const snapshot = { ...live.snapshot, positions: [] };
  try {
    localStorage.setItem(PREFIX + circleId, JSON.stringify({ circleId, at, gates, live: { ...live, snapshot } }));
  } catch {
    forgetRemembered(PREFIX + circleId);
  }
}

/** As the server has it: for those who come, or who keep the list. @param {import("../types/page.js").CircleState} live */
const mayTelephone = ({ viewer }) => may(viewer, "answer_alert") || may(viewer, "edit_map");

/** @param {Gate} gate */
const withoutTelephones = (gate) => ({ ...gate, holders: gate.holders.map((holder) => ({ ...holder, phone: "" })) });

/**
 * @param {string | null} circleId
 * @returns {CachedCircle | null}
 */
export function cachedCircle(circleId) {
  if (!circleId) return null;
  try {
    const cached = JSON.parse(remembered(PREFIX + circleId) ?? "null");
    // Earlier versions of the page kept it in another form.
    if (!cached?.live?.snapshot) return null;
    cached.live.snapshot.drills ??= [];
    return cached;
  } catch {
    return null;
  }
}

/** @param {string} circleId */
export function forgetCachedCircle(circleId) {
  forgetRemembered(PREFIX + circleId);
}

export function forgetCached() {
  for (const key of rememberedKeys()) {
    if (key.startsWith(PREFIX) || key.startsWith("responder.outbox.")) forgetRemembered(key);
  }
}
