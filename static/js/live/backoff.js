// How long to wait before trying again: full jitter, so that ten thousand pages do not come back at once.

export const BASE_MS = 400;
export const CAP_MS = 12_000;

/**
 * @param {number} attempt  0 for the first try after a loss
 * @param {() => number} random  in [0, 1)
 * @returns {number} milliseconds
 */
export function waitMs(attempt, random) {
  return Math.floor(random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 10)));
}
