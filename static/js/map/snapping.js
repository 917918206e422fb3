// A closure is drawn along a lane: taps stick to it, and two taps on one lane take the bend between them along.

import { nearestOnLine, sliceOf } from "./geometry.js";

/**
 * @typedef {import("../types.js").LonLat} LonLat
 * @typedef {{ id: unknown, line: LonLat[] }} Lane
 */

const REACH_PX = 28;
const STICKS_WITHIN_M = 25;

/**
 * @param {import("../vendor.js").MapLibreMap} map
 * @param {{ x: number, y: number }} tap
 * @param {readonly LonLat[]} drawn  what was tapped before
 * @returns {LonLat[] | null} that, and the way to the tap; null when no lane is there
 */
export function snapped(map, { x, y }, drawn) {
  const { lng, lat } = map.unproject([x, y]);
  const layers = ["roads"].filter((layer) => map.getLayer(layer));
  const found = map.queryRenderedFeatures(
    [
      [x - REACH_PX, y - REACH_PX],
      [x + REACH_PX, y + REACH_PX],
    ],
    { layers },
  );
  return extended(drawn, [lng, lat], found.flatMap(lanesOf));
}

/**
 * @param {readonly LonLat[]} drawn
 * @param {LonLat} tapped
 * @param {readonly Lane[]} lanes  those near the tap
 * @returns {LonLat[] | null}
 */
export function extended(drawn, tapped, lanes) {
  const nearest = lanes
    .map((lane) => ({ lane, ...nearestOnLine(tapped, lane.line) }))
    .sort((a, b) => a.distanceM - b.distanceM)[0];
  if (!nearest || nearest.distanceM > STICKS_WITHIN_M) return null;
  const last = drawn.at(-1);
  if (!last) return [nearest.point];
  const onSame = lanes.find(
    (lane) => nearestOnLine(last, lane.line).distanceM < 1 && nearestOnLine(nearest.point, lane.line).distanceM < 1,
  );
  return onSame ? [...drawn, ...sliceOf(onSame.line, last, nearest.point).slice(1)] : [...drawn, nearest.point];
}

/**
 * @param {{ properties: Record<string, unknown>, geometry: GeoJSON.Geometry }} feature
 * @returns {Lane[]}
 */
function lanesOf({ properties, geometry }) {
  const id = properties["id"];
  if (geometry.type === "LineString") return [{ id, line: geometry.coordinates.map(([lon = 0, lat = 0]) => [lon, lat]) }];
  if (geometry.type !== "MultiLineString") return [];
  return geometry.coordinates.map((line) => ({ id, line: line.map(([lon = 0, lat = 0]) => [lon, lat]) }));
}
