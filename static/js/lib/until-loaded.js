// Loads a part of the page that did not come with the first one, however often that fails.

import { untilAgain } from "./until-again.js";

/** Waits before it is asked for again, in milliseconds; the last one from then on. */
const AGAIN_MS = [500, 2000, 5000, 15_000];

/**
 * @template T
 * @param {() => Promise<T>} load  an `import()`
 * @param {() => void} [failed]  called each time
 * @returns {Promise<T>}
 */
export async function untilLoaded(load, failed = () => {}) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await load();
    } catch {
      // No network, or the server has a newer version and this one no more: then only loading the page again helps.
      failed();
    }
    await untilAgain(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] ?? 0);
  }
}
