// The last snapshot of a circle, kept on the device: in a stairwell without signal a reloaded page is not empty.

import { forgetRemembered, remembered, rememberedKeys } from "../lib/storage.js";

/**
 * @typedef {object} CachedCircle
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
export function cacheCircle(circleId, live, at) {
  if (!live.snapshot) return;
  // Positions are sensitive and go stale at once: they are not kept.
  const snapshot = { ...live.snapshot, positions: [] };
  try {
    localStorage.setItem(PREFIX + circleId, JSON.stringify({ circleId, at, live: { ...live, snapshot } }));
  } catch {
    forgetRemembered(PREFIX + circleId);
  }
}

/**
 * @param {string | null} circleId
 * @returns {CachedCircle | null}
 */
export function cachedCircle(circleId) {
  if (!circleId) return null;
  try {
    const cached = JSON.parse(remembered(PREFIX + circleId) ?? "null");
    // Earlier versions of the page kept it in another form.
    return cached?.live?.snapshot ? cached : null;
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
