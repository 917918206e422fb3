// The circle at any moment of a drill, from its log alone.

import { apply } from "../state/store.js";

/** Events between two snapshots that are kept, so that any moment is found at once. */
const BETWEEN = 64;

/**
 * @typedef {import("../types/messages.js").CircleSnapshot} CircleSnapshot
 * @typedef {import("../types/messages.js").EventMessage} EventMessage
 * @typedef {CircleSnapshot["positions"][number]} UnitPosition
 * @typedef {object} TrackPoint
 * @property {string} unit_id
 * @property {string} at
 * @property {string} stored_at
 * @property {number} lon
 * @property {number} lat
 * @property {number} accuracy_m
 * @typedef {{ base: CircleSnapshot, events: Omit<EventMessage, "type">[], track: TrackPoint[] }} Recording
 */

/**
 * The index of the first entry that is later.
 * @param {number[]} times  ascending
 * @param {number} moment
 */
export function countUntil(times, moment) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (/** @type {number} */ (times[middle]) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class Player {
  /** @param {Recording} recording */
  constructor({ base, events, track }) {
    this.events = events;
    /** @type {CircleSnapshot[]} after 0, BETWEEN, twice BETWEEN … events */
    this.kept = [base];
    let latest = -Infinity;
    // An event is dated when its command came; the order is that in which they took effect.
    this.times = events.map(({ at }) => (latest = Math.max(latest, Date.parse(at))));
    /** @type {Map<string, { known: number[], positions: UnitPosition[] }>} by unit, in the order in which it was known */
    this.tracks = new Map();
    for (const { stored_at, ...position } of track) this.#place(position, Date.parse(stored_at));
  }

  /**
   * @param {UnitPosition} position
   * @param {number} knownMs
   */
  #place(position, knownMs) {
    const own = this.tracks.get(position.unit_id) ?? { known: [], positions: [] };
    this.tracks.set(position.unit_id, own);
    const last = own.positions.at(-1);
    // What is older than what was known by then changed nothing.
    if (last && Date.parse(last.at) >= Date.parse(position.at)) return;
    own.known.push(knownMs);
    own.positions.push(position);
  }

  /**
   * @param {number} momentMs
   * @returns {CircleSnapshot} as it was shown then
   */
  at(momentMs) {
    const snapshot = this.#after(countUntil(this.times, momentMs));
    const units = new Set(snapshot.units.map(({ id }) => id));
    const positions = [...this.tracks]
      .filter(([unit]) => units.has(unit))
      .map(([, own]) => own.positions[countUntil(own.known, momentMs) - 1])
      .filter((position) => position !== undefined)
      .sort((a, b) => (a.unit_id < b.unit_id ? -1 : 1));
    return { ...snapshot, positions };
  }

  /** @param {number} count */
  #after(count) {
    while (this.kept.length <= Math.floor(count / BETWEEN)) {
      const begin = BETWEEN * (this.kept.length - 1);
      this.kept.push(this.#folded(/** @type {CircleSnapshot} */ (this.kept.at(-1)), begin, begin + BETWEEN));
    }
    const whole = Math.floor(count / BETWEEN);
    return this.#folded(/** @type {CircleSnapshot} */ (this.kept[whole]), whole * BETWEEN, count);
  }

  /**
   * @param {CircleSnapshot} snapshot
   * @param {number} begin
   * @param {number} end
   */
  #folded(snapshot, begin, end) {
    let state = /** @type {import("../types/page.js").CircleState} */ ({ viewer: null, snapshot });
    for (const event of this.events.slice(begin, end)) state = apply(state, { type: "event", ...event });
    return /** @type {CircleSnapshot} */ (state.snapshot);
  }
}
