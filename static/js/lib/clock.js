// The server's time as far as it is known: a phone whose clock is a day off must not say "a day ago".

let offsetMs = 0;

/** @returns {number} milliseconds since 1970, by the server's clock */
export function now() {
  return Date.now() + offsetMs;
}

/** A Date header is cut to whole seconds, and servers write it again once a second. */
const DATE_IS_OFF_MS = 2000;

/**
 * Learn from an answer's Date header: it was written some time between asking and having the answer, which on a weak signal are
 * seconds apart. What is known already is kept where it agrees, so that times neither jump nor run backwards.
 * @param {string | null} dateHeader
 * @param {number} askedMs  by this device's clock
 */
export function learnFrom(dateHeader, askedMs) {
  const serverMs = Date.parse(dateHeader ?? "");
  if (Number.isNaN(serverMs)) return;
  offsetMs = Math.min(serverMs + DATE_IS_OFF_MS - askedMs, Math.max(serverMs - Date.now(), offsetMs));
}

/**
 * @param {string} isoTime
 * @returns {number} seconds since then, never negative
 */
export function ageS(isoTime) {
  return Math.max(0, (now() - Date.parse(isoTime)) / 1000);
}

/**
 * The one way in which seconds of a clock are written, on all screens; the twin of responder/domain/drills/clock.py.
 *
 * Seconds that have not passed whole do not count. Milliseconds decide: sums of them are a hair beside a whole second.
 * @param {number} seconds
 * @returns {string} such as 1:05 or 1:02:03
 */
export function stopwatch(seconds) {
  const whole = Math.max(0, Math.floor(Math.round(seconds * 1000) / 1000));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
