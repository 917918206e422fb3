// What a rehearsal shows at a moment, and as lines. Pure.

/**
 * @typedef {import("../../types/rehearsal.js").Rehearsal} Rehearsal
 * @typedef {import("../../types/rehearsal.js").Keyframe} Keyframe
 * @typedef {import("../../types/rehearsal.js").Happening} Happening
 * @typedef {import("../../types/page.js").LonLat} LonLat
 *
 * @typedef {object} UnitThen  a unit at a moment
 * @property {string} id
 * @property {LonLat} at
 * @property {"waiting" | "moving" | "on_scene"} state
 * @property {LonLat[]} path  what it has travelled
 *
 * @typedef {object} Line
 * @property {number} at_ms
 * @property {string} kind
 * @property {readonly string[]} unitIds
 * @property {Happening} of
 */

/**
 * @param {readonly Keyframe[]} track
 * @param {number} atMs
 * @returns {{ at: LonLat, path: LonLat[] } | null} null of a unit that never sets out
 */
export function placeAt(track, atMs) {
  const [first] = track;
  if (!first) return null;
  const path = [spot(first)];
  let before = first;
  for (const next of track.slice(1)) {
    if (next[0] > atMs) {
      const share = atMs <= before[0] ? 0 : (atMs - before[0]) / (next[0] - before[0]);
      const at = /** @type {LonLat} */ ([between(before[1], next[1], share), between(before[2], next[2], share)]);
      return { at, path: [...path, at] };
    }
    path.push(spot(next));
    before = next;
  }
  return { at: spot(before), path };
}

/** @param {Keyframe} keyframe @returns {LonLat} */
const spot = ([, lon, lat]) => [lon, lat];

const between = (/** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ share) => a + share * (b - a);

/**
 * @param {Rehearsal} rehearsal
 * @param {number} atMs
 * @returns {UnitThen[]} those that set out at some time
 */
export function unitsAt({ units }, atMs) {
  return units.flatMap(({ unit_id: id, track, arrived_ms }) => {
    const found = placeAt(track, atMs);
    if (!found) return [];
    const isThere = arrived_ms !== null && atMs >= arrived_ms;
    return [{ id, ...found, state: isThere ? "on_scene" : atMs < (track[0]?.[0] ?? 0) ? "waiting" : "moving" }];
  });
}

/**
 * @param {Rehearsal} rehearsal
 * @returns {LonLat[]} where units come by
 */
export const pointsOf = ({ units }) => units.flatMap(({ track }) => track.map(spot));

/** At the same moment these are one line. */
const TOGETHER = new Set(["called", "called_next", "answered", "not_coming"]);

/**
 * @param {Rehearsal} rehearsal
 * @returns {Line[]} in their order
 */
export function linesOf({ happenings }) {
  /** @type {Line[]} */
  const lines = [];
  /** @type {Map<string, Line & { unitIds: string[] }>} */
  const together = new Map();
  for (const of of happenings) {
    const key = `${of.at_ms} ${of.kind}`;
    const known = together.get(key);
    if (known && of.unit_id) {
      known.unitIds.push(of.unit_id);
      continue;
    }
    const line = { at_ms: of.at_ms, kind: of.kind, unitIds: of.unit_id ? [of.unit_id] : [], of };
    if (TOGETHER.has(of.kind)) together.set(key, line);
    lines.push(line);
  }
  return lines;
}

/**
 * How many lines have happened by then.
 * @param {readonly Line[]} lines
 * @param {number} atMs
 */
export const happenedBy = (lines, atMs) => lines.filter(({ at_ms }) => at_ms <= atMs).length;

/**
 * @param {Rehearsal} rehearsal
 * @returns {number} observations on which what chance decides rests; 0: all of it is assumed
 */
export const measuredFrom = ({ spread }) => Math.max(spread.turnout.measured_from, spread.travel.measured_from, spread.clearing_ms.measured_from, spread.count_ms.measured_from, spread.answer_ms.measured_from, spread.coming_measured_from);
