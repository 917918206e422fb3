// What the device remembers. It may be full, or forbidden in a private window: then nothing is remembered, and all works.

/**
 * @param {string} key
 * @returns {string | null}
 */
export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is asked for again next time.
  }
}

/** @param {string} key */
export function forgetRemembered(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // There is nothing to forget.
  }
}

/** @returns {string[]} the keys of all that is remembered */
export function rememberedKeys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

/** As outboxes and others take it that may be given another one. */
export const STORAGE = Object.freeze({ getItem: remembered, setItem: remember });
