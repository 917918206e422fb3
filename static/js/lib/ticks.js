// One clock for what changes by time alone: ages, waits, what ends by itself. Tests drive it by `tick`.

const TICK_MS = 1000;

/** @typedef {{ seconds: number, waited: number, listener: () => void }} Waiting */

/** @type {Set<Waiting>} */
const all = new Set();
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/**
 * @param {number} seconds
 * @param {() => void} listener
 * @returns {() => void} stops it
 */
export function everySeconds(seconds, listener) {
  const waiting = { seconds, waited: 0, listener };
  all.add(waiting);
  timer ??= setInterval(tick, TICK_MS);
  return () => {
    all.delete(waiting);
    if (all.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** A second has passed. */
export function tick() {
  for (const waiting of [...all]) {
    waiting.waited += 1;
    if (waiting.waited < waiting.seconds) continue;
    waiting.waited = 0;
    waiting.listener();
  }
}
