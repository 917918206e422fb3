// From the model to what the map draws, as GeoJSON. Pure.

import { shownThings } from "../state/layers.js";

/**
 * @typedef {import("../types/messages.js").Member} Member
 * @typedef {import("../types/page.js").LonLat} LonLat
 */

/**
 * @param {GeoJSON.Feature[]} features
 * @returns {GeoJSON.FeatureCollection}
 */
export const collection = (features) => ({ type: "FeatureCollection", features });

export const NOTHING = collection([]);

/**
 * @param {GeoJSON.Geometry} geometry
 * @param {Record<string, unknown>} properties
 * @returns {GeoJSON.Feature}
 */
const feature = (geometry, properties) => ({ type: "Feature", geometry, properties });

/**
 * @param {LonLat} lonlat
 * @returns {GeoJSON.Point}
 */
const point = ([lon, lat]) => ({ type: "Point", coordinates: [lon, lat] });

/**
 * The things of a layer as they look now.
 * @param {import("../state/layers.js").Layer<any>} layer
 * @param {import("../types/page.js").Model} model
 * @param {number} nowMs
 */
export function thingFeatures(layer, model, nowMs) {
  const look = layer.look?.(model, nowMs);
  if (!look) return NOTHING;
  return collection(
    shownThings(layer, model, nowMs).map((thing) => {
      const { geometry, label, symbol, opacity = 1, order = 0 } = look(thing);
      return feature(geometry, { id: thing.id, label, icon: symbol ? `${layer.shape} ${symbol}` : "", opacity, order });
    }),
  );
}

/**
 * The ways of a circle's members; the one looked at is drawn strong and the others faint.
 * @param {readonly Member[]} members
 * @param {string | null} focusedUnitId
 */
export function routeFeatures(members, focusedUnitId) {
  return collection(
    members.flatMap((member) =>
      member.legs
        .filter((leg) => leg.coordinates.length > 1)
        .map((leg) =>
          feature(
            { type: "LineString", coordinates: leg.coordinates.map(([lon, lat]) => [lon, lat]) },
            { id: member.unit_id, mode: leg.mode, focused: member.unit_id === focusedUnitId },
          ),
        ),
    ),
  );
}

/**
 * Where vehicles can go no further.
 * @param {readonly Member[]} members
 * @param {(member: Member) => string} label
 */
export function stopFeatures(members, label) {
  return collection(
    members.flatMap((member) =>
      member.stop === null ? [] : [feature(point([member.stop.lon, member.stop.lat]), { label: label(member) })],
    ),
  );
}

/**
 * The area of a message of another system, and where its alert would be raised.
 * @param {GeoJSON.Geometry | null} area
 * @param {{ lon: number, lat: number } | null} place
 */
export function proposalFeatures(area, place) {
  return collection([...(area ? [feature(area, {})] : []), ...(place ? [feature(point([place.lon, place.lat]), {})] : [])]);
}

/** @param {readonly LonLat[]} points */
export function draftFeatures(points) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return NOTHING;
  const dots = [first, last].map((each) => feature(point(each), {}));
  if (points.length < 2) return collection(dots);
  return collection([feature({ type: "LineString", coordinates: points.map(([x, y]) => [x, y]) }, {}), ...dots]);
}
