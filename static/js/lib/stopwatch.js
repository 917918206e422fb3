// The one way in which seconds of a clock are written: on the console, on phones, in logs, plans and replays. Pure; the twin
// of responder/domain/drills/clock.py.

/**
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
