// The shortest way along lanes between two points on them. Pure; for the few hundred lanes in sight.

import { boundsOf, distanceM, nearestOnLine } from "./geometry.js";

/** @typedef {import("../types/page.js").LonLat} LonLat */

/** Points closer than this are one, in degrees: about a metre. */
const GRAIN = 1e-5;
/** How far beside the straight line lanes are looked at, in degrees: about 200 m. */
const BESIDE = 0.002;
const ON_LANE_M = 1;
/** A way round that is longer than this many times the straight line is not what was meant. */
const DETOUR = 3;

/**
 * @param {readonly (readonly LonLat[])[]} lanes
 * @param {LonLat} from
 * @param {LonLat} to
 * @returns {LonLat[]} from one to the other; straight where no lane joins them
 */
export function wayAlong(lanes, from, to) {
  const graph = new Graph();
  const near = lanes.filter((lane) => isNear(lane, from, to));
  // Lanes cut at the edges of tiles overlap without sharing a point: each takes up the others' ends that lie on it.
  const ends = near.flatMap((lane) => [/** @type {LonLat} */ (lane[0]), /** @type {LonLat} */ (lane.at(-1))]);
  for (const lane of near) graph.addLane(withPoints(lane, [from, to, ...ends]));
  return graph.shortest(from, to, distanceM(from, to) * DETOUR + 5) ?? [from, to];
}

/**
 * @param {readonly LonLat[]} lane
 * @param {LonLat} from
 * @param {LonLat} to
 */
function isNear(lane, from, to) {
  const [w, s, e, n] = boundsOf(lane) ?? [0, 0, 0, 0];
  const [west, south, east, north] = boundsOf([from, to]) ?? [0, 0, 0, 0];
  return lane.length > 1 && w < east + BESIDE && e > west - BESIDE && s < north + BESIDE && n > south - BESIDE;
}

/**
 * @param {readonly LonLat[]} lane
 * @param {readonly LonLat[]} points
 * @returns {LonLat[]} the lane, and among its own points those of `points` that lie on it
 */
function withPoints(lane, points) {
  const on = points
    .map((wanted) => ({ wanted, ...nearestOnLine(wanted, lane) }))
    .filter(({ distanceM: away }) => away < ON_LANE_M)
    // From the end, so that the places of the others stay true.
    .sort((a, b) => b.segment + b.along - (a.segment + a.along));
  const line = [...lane];
  for (const { wanted, segment } of on) line.splice(segment + 1, 0, wanted);
  return line;
}

class Graph {
  constructor() {
    /** @type {Map<string, { point: LonLat, next: Map<string, number> }>} */
    this.nodes = new Map();
  }

  /** @param {readonly LonLat[]} lane */
  addLane(lane) {
    for (let i = 0; i + 1 < lane.length; i += 1) {
      const [a, b] = [/** @type {LonLat} */ (lane[i]), /** @type {LonLat} */ (lane[i + 1])];
      if (keyOf(a) === keyOf(b)) continue;
      const length = distanceM(a, b);
      this.#node(a).next.set(keyOf(b), length);
      this.#node(b).next.set(keyOf(a), length);
    }
  }

  /**
   * @param {LonLat} from
   * @param {LonLat} to
   * @param {number} limitM
   * @returns {LonLat[] | null}
   */
  shortest(from, to, limitM) {
    const [start, goal] = [keyOf(from), keyOf(to)];
    /** @type {Map<string, { length: number, before: string | null }>} */
    const best = new Map([[start, { length: 0, before: null }]]);
    const open = new Set([start]);
    while (open.size > 0) {
      const here = nearestOf(open, best);
      if (here === goal) return this.#trace(best, goal);
      open.delete(here);
      const { length } = /** @type {{ length: number }} */ (best.get(here));
      for (const [there, step] of this.nodes.get(here)?.next ?? []) {
        const total = length + step;
        if (total > limitM || total >= (best.get(there)?.length ?? Infinity)) continue;
        best.set(there, { length: total, before: here });
        open.add(there);
      }
    }
    return null;
  }

  /**
   * @param {Map<string, { before: string | null }>} best
   * @param {string} goal
   * @returns {LonLat[]}
   */
  #trace(best, goal) {
    /** @type {LonLat[]} */
    const way = [];
    for (let key = /** @type {string | null} */ (goal); key !== null; key = best.get(key)?.before ?? null) {
      const node = this.nodes.get(key);
      if (node) way.unshift(node.point);
    }
    return way;
  }

  /** @param {LonLat} point */
  #node(point) {
    const key = keyOf(point);
    const known = this.nodes.get(key);
    if (known) return known;
    const made = { point, next: new Map() };
    this.nodes.set(key, made);
    return made;
  }
}

/**
 * @param {Set<string>} open
 * @param {Map<string, { length: number }>} best
 */
function nearestOf(open, best) {
  let nearest = "";
  let least = Infinity;
  for (const key of open) {
    const length = best.get(key)?.length ?? Infinity;
    if (length < least) [nearest, least] = [key, length];
  }
  return nearest;
}

/** @param {LonLat} point */
const keyOf = ([lon, lat]) => `${Math.round(lon / GRAIN)} ${Math.round(lat / GRAIN)}`;
