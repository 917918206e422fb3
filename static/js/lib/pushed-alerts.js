// Alerts that came as notifications: the service worker keeps what they say, so that the page can show it without asking.
// They are in a cache and not in the address: a link can be made by anybody.

/** The same as in sw.js. */
const CACHE = "pushed-alerts";
const address = (/** @type {string} */ alertId) => `/pushed-alerts/${encodeURIComponent(alertId)}`;

/**
 * @param {string} alertId
 * @returns {Promise<import("../types/page.js").PushedAlert | null>}
 */
export async function keptPushed(alertId) {
  try {
    const cache = await caches.open(CACHE);
    return (await (await cache.match(address(alertId)))?.json()) ?? null;
  } catch {
    // No cache in this window, or nothing whole in it.
    return null;
  }
}

/** All of them: they were for the person who signs out. */
export async function forgetPushed() {
  await globalThis.caches?.delete(CACHE).catch(() => false);
}
