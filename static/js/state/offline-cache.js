// The last picture of a circle, kept on the device: in a stairwell without signal a reloaded page is not empty.

import { forgetRemembered, remembered, rememberedKeys } from "../lib/storage.js";

/**
 * @typedef {object} Kept
 * @property {string} circleId
 * @property {number} at  milliseconds since 1970
 * @property {import("../types/page.js").CircleState} live
 */

const PREFIX = "responder.kept.";

/**
 * @param {string} circleId
 * @param {import("../types/page.js").CircleState} live
 * @param {number} at
 */
export function keep(circleId, live, at) {
  if (!live.picture) return;
  // Whereabouts are sensitive and go stale at once: they are not kept.
  const picture = { ...live.picture, positions: [] };
  try {
    localStorage.setItem(PREFIX + circleId, JSON.stringify({ circleId, at, live: { ...live, picture } }));
  } catch {
    forgetRemembered(PREFIX + circleId);
  }
}

/**
 * @param {string | null} circleId
 * @returns {Kept | null}
 */
export function keptCircle(circleId) {
  if (!circleId) return null;
  try {
    return JSON.parse(remembered(PREFIX + circleId) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} circleId */
export function forgetKeptCircle(circleId) {
  forgetRemembered(PREFIX + circleId);
}

export function forgetKept() {
  for (const key of rememberedKeys()) {
    if (key.startsWith(PREFIX) || key.startsWith("responder.outbox.")) forgetRemembered(key);
  }
}
