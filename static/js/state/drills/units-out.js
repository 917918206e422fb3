// Units that drills take as out of service. Pure.

import { drawable, placeOfUnit } from "../positions.js";
import { ongoingDrills } from "./ongoing.js";

/**
 * @param {import("../../types/page.js").CircleState} live
 * @param {number} nowMs
 * @returns {import("../../types/page.js").LonLat[]} where the map has them
 */
export function unitsOut(live, nowMs) {
  const out = new Set(ongoingDrills(live).flatMap(({ units_out }) => units_out));
  if (out.size === 0) return [];
  const positions = new Map(drawable(live.snapshot?.positions ?? [], nowMs).map((each) => [each.unit_id, each]));
  return (live.snapshot?.units ?? []).filter(({ id }) => out.has(id)).map((unit) => placeOfUnit(unit, positions.get(unit.id) ?? null));
}
