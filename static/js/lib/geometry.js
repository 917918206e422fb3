// Small plane geometry on longitudes and latitudes, exact enough for one quarter. Pure.

/** @typedef {import("../types/page.js").LonLat} LonLat */

const M_PER_DEGREE = 111_320;

/**
 * @param {LonLat} a
 * @param {LonLat} b
 * @returns {number} metres in a straight line
 */
export function distanceM(a, b) {
  const [x, y] = offsetM(a, b);
  return Math.hypot(x, y);
}

/**
 * @param {LonLat} from
 * @param {LonLat} to
 * @returns {[number, number]} metres east and north
 */
export function offsetM(from, to) {
  const shrink = Math.cos(((from[1] + to[1]) / 2) * (Math.PI / 180));
  return [(to[0] - from[0]) * M_PER_DEGREE * shrink, (to[1] - from[1]) * M_PER_DEGREE];
}

/**
 * @param {Iterable<LonLat>} points
 * @returns {[number, number, number, number] | null} west, south, east, north
 */
export function boundsOf(points) {
  let [w, s, e, n] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of points) [w, s, e, n] = [Math.min(w, lon), Math.min(s, lat), Math.max(e, lon), Math.max(n, lat)];
  return Number.isFinite(w) ? [w, s, e, n] : null;
}

/**
 * @param {LonLat} point
 * @param {readonly LonLat[]} line
 * @returns {{ point: LonLat, distanceM: number, segment: number, along: number }} the nearest point of the line;
 *   `along` is the share of the segment before it
 */
export function nearestOnLine(point, line) {
  let best = { point: line[0] ?? point, distanceM: Infinity, segment: 0, along: 0 };
  for (let segment = 0; segment + 1 < line.length; segment += 1) {
    const [a, b] = [/** @type {LonLat} */ (line[segment]), /** @type {LonLat} */ (line[segment + 1])];
    const [abX, abY] = offsetM(a, b);
    const [apX, apY] = offsetM(a, point);
    const length2 = abX ** 2 + abY ** 2;
    const along = length2 === 0 ? 0 : Math.min(1, Math.max(0, (apX * abX + apY * abY) / length2));
    /** @type {LonLat} */
    const foot = [a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along];
    const away = distanceM(point, foot);
    if (away < best.distanceM) best = { point: foot, distanceM: away, segment, along };
  }
  return best;
}

/**
 * @param {GeoJSON.Geometry} geometry
 * @returns {LonLat[]} every point of it
 */
export function pointsOf(geometry) {
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(pointsOf);
  const flat = /** @type {number[]} */ (/** @type {any} */ (geometry.coordinates).flat(Infinity));
  /** @type {LonLat[]} */
  const points = [];
  for (let i = 0; i + 1 < flat.length; i += 2) points.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return points;
}

/**
 * @param {GeoJSON.Geometry} geometry
 * @returns {LonLat} the middle of its bounds
 */
export function middleOf(geometry) {
  const [w, s, e, n] = boundsOf(pointsOf(geometry)) ?? [0, 0, 0, 0];
  return [(w + e) / 2, (s + n) / 2];
}

/**
 * @template {{ lon: number, lat: number }} T
 * @param {readonly T[]} things
 * @param {LonLat} place
 * @returns {{ thing: T, distanceM: number } | null}
 */
export function nearestThing(things, place) {
  /** @type {{ thing: T, distanceM: number } | null} */
  let best = null;
  for (const thing of things) {
    const away = distanceM([thing.lon, thing.lat], place);
    if (!best || away < best.distanceM) best = { thing, distanceM: away };
  }
  return best;
}

/**
 * @template {{ lon: number, lat: number }} T
 * @param {readonly T[]} things
 * @param {readonly LonLat[]} line
 * @param {number} withinM  metres between a thing and the line
 * @returns {{ thing: T, alongM: number }[]} those beside the line in its order, each with the metres that lead there
 */
export function thingsAlong(things, line, withinM) {
  const lengths = [0];
  for (let i = 0; i + 1 < line.length; i += 1) lengths.push((lengths[i] ?? 0) + distanceM(/** @type {LonLat} */ (line[i]), /** @type {LonLat} */ (line[i + 1])));
  return things
    .map((thing) => {
      const { distanceM: away, segment, point } = nearestOnLine([thing.lon, thing.lat], line);
      return { thing, away, alongM: (lengths[segment] ?? 0) + distanceM(line[segment] ?? point, point) };
    })
    .filter(({ away }) => away <= withinM)
    .sort((a, b) => a.alongM - b.alongM)
    .map(({ thing, alongM }) => ({ thing, alongM }));
}
