// From the model to what the map draws, as GeoJSON. Pure.

import { boundsOf, pointsOf } from "../lib/geometry.js";
import { isFresh, placeOfUnit } from "../state/positions.js";
import { unitState } from "../state/called-units.js";
import { inForce } from "../state/closures.js";

/**
 * @typedef {import("../types/messages.js").Member} Member
 * @typedef {import("../types/messages.js").Position} Position
 * @typedef {import("../types/messages.js").Unit} Unit
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
 * Units where they are, or at their post when that is not known or not fresh.
 * @param {readonly Unit[]} units
 * @param {readonly Position[]} positions
 * @param {object} how
 * @param {number} how.nowMs
 * @param {(unit: Unit, position: Position | null) => string} how.label
 * @param {readonly import("../types/messages.js").Delivery[]} how.deliveries  of the incident being looked at
 * @param {string | null} how.focusedUnitId
 */
export function unitFeatures(units, positions, { nowMs, label, deliveries, focusedUnitId }) {
  return collection(
    units.map((unit) => {
      const position = positions.find((each) => each.unit_id === unit.id) ?? null;
      const state = unitState(deliveries, unit.id);
      return feature(point(placeOfUnit(unit, position)), {
        id: unit.id,
        icon: `unit-${unit.profile}-${unitLook(unit, state)}`,
        label: label(unit, position),
        faded: !unit.on_duty || (position !== null && !isFresh(position, nowMs)),
        focused: unit.id === focusedUnitId,
      });
    }),
  );
}

/**
 * @param {Unit} unit
 * @param {string | null} state
 * @returns {"off" | "ready" | "coming"}
 */
function unitLook(unit, state) {
  if (!unit.on_duty) return "off";
  return state !== null && ["accepted", "en_route", "on_scene"].includes(state) ? "coming" : "ready";
}

/**
 * @param {readonly import("../types/page.js").Facility[]} facilities
 * @param {(facility: import("../types/page.js").Facility) => string} label
 */
export function facilityFeatures(facilities, label) {
  return collection(
    facilities.map((facility) =>
      feature(point([facility.lon, facility.lat]), {
        id: facility.id,
        icon: `facility-${facility.kind}`,
        label: label(facility),
        works: !facility.out_of_service,
        // Life and water first when the map has no room for all.
        order: ["aed", "hydrant"].indexOf(facility.kind) === -1 ? 1 : 0,
      }),
    ),
  );
}

/**
 * @param {readonly import("../types/messages.js").Hazard[]} hazards
 * @param {(hazard: import("../types/messages.js").Hazard) => string} label
 */
export function hazardFeatures(hazards, label) {
  return collection(
    hazards
      .filter((hazard) => hazard.state !== "fixed")
      .map((hazard) => {
        const [w, s, e, n] = boundsOf(pointsOf(/** @type {GeoJSON.Geometry} */ (hazard.geometry))) ?? [0, 0, 0, 0];
        const icon = `hazard-${hazard.grade}`;
        return feature(point([(w + e) / 2, (s + n) / 2]), { id: hazard.id, icon, label: label(hazard) });
      }),
  );
}

/**
 * @param {readonly import("../types/messages.js").Closure[]} closures
 * @param {object} how
 * @param {number} how.nowMs
 * @param {(closure: import("../types/messages.js").Closure) => string} how.label
 */
export function closureFeatures(closures, { nowMs, label }) {
  return collection(
    closures
      .filter((closure) => inForce(closure, nowMs))
      .map((closure) =>
        feature(/** @type {GeoJSON.Geometry} */ (closure.geometry), { id: closure.id, label: label(closure) }),
      ),
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

/** @param {readonly LonLat[]} points */
export function draftFeatures(points) {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return NOTHING;
  const dots = [first, last].map((each) => feature(point(each), {}));
  if (points.length < 2) return collection(dots);
  return collection([feature({ type: "LineString", coordinates: points.map(([x, y]) => [x, y]) }, {}), ...dots]);
}
