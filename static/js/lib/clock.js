// The server's time as far as it is known: a phone whose clock is a day off must not say "a day ago".

let offsetMs = 0;

/** @returns {number} milliseconds since 1970, by the server's clock */
export function now() {
  return Date.now() + offsetMs;
}

/**
 * Learn from an answer's Date header, which is cut to whole seconds.
 * @param {string | null} dateHeader
 */
export function learnFrom(dateHeader) {
  const serverMs = Date.parse(dateHeader ?? "");
  if (Number.isNaN(serverMs)) return;
  const off = serverMs + 500 - Date.now();
  // Within a second both agree; correcting that would only make ages jump.
  offsetMs = Math.abs(off) > 1500 ? off : 0;
}

/**
 * @param {string} isoTime
 * @returns {number} seconds since then, never negative
 */
export function ageS(isoTime) {
  return Math.max(0, (now() - Date.parse(isoTime)) / 1000);
}
