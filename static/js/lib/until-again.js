// Waits before something is tried again: less when the network comes back meanwhile.

/**
 * @param {number} ms
 * @returns {Promise<void>}
 */
export function untilAgain(ms) {
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      removeEventListener("online", go);
      resolve();
    };
    const timer = setTimeout(go, ms);
    addEventListener("online", go);
  });
}
