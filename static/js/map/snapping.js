// A closure is drawn along lanes: taps stick to them, and from one tap to the next the line follows them.

import { nearestOnLine } from "../lib/geometry.js";
import { wayAlong } from "../lib/way-along.js";

/** @typedef {import("../types/page.js").LonLat} LonLat */

const STICKS_WITHIN_M = 20;

/**
 * @param {import("./maplibre.js").MapLibreMap} map
 * @param {{ x: number, y: number }} tap
 * @param {readonly LonLat[]} drawn  what was tapped before
 * @returns {LonLat[] | null} that, and the way to the tap; null when no lane is there
 */
export function snapped(map, { x, y }, drawn) {
  const { lng, lat } = map.unproject([x, y]);
  const lanes = map.querySourceFeatures("circle", { sourceLayer: "roads" }).flatMap(({ geometry }) => lanesOf(geometry));
  return extended(drawn, [lng, lat], lanes);
}

/**
 * @param {readonly LonLat[]} drawn
 * @param {LonLat} tapped
 * @param {readonly (readonly LonLat[])[]} lanes
 * @returns {LonLat[] | null}
 */
export function extended(drawn, tapped, lanes) {
  const nearest = lanes.map((lane) => nearestOnLine(tapped, lane)).sort((a, b) => a.distanceM - b.distanceM)[0];
  if (!nearest || nearest.distanceM > STICKS_WITHIN_M) return null;
  const last = drawn.at(-1);
  if (!last) return [nearest.point];
  return [...drawn, ...wayAlong(lanes, last, nearest.point).slice(1)];
}

/**
 * @param {GeoJSON.Geometry} geometry
 * @returns {LonLat[][]}
 */
function lanesOf(geometry) {
  const asLonLat = (/** @type {GeoJSON.Position[]} */ line) => line.map(([lon = 0, lat = 0]) => /** @type {LonLat} */ ([lon, lat]));
  if (geometry.type === "LineString") return [asLonLat(geometry.coordinates)];
  return geometry.type === "MultiLineString" ? geometry.coordinates.map(asLonLat) : [];
}
