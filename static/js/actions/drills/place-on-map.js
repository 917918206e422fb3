// What of a plan is said by a tap on the map: where the drill is, where a hazard or a casualty lies, which lane is closed.

import { t } from "../../lib/i18n.js";
import { middleOf, pointsOf } from "../../lib/geometry.js";
import { changedInject, planShown } from "../../state/drills/plan.js";
import { dismiss, model, toast } from "../../state/model.js";
import { drawInjectClosure, showDrill, startPlacing, stopPlacing } from "../map/navigation.js";
import { editPlan } from "./edit-plan.js";

/**
 * @typedef {import("../../types/page.js").LonLat} LonLat
 * @typedef {import("../../types/messages.js").Place} PlaceOfDrill
 */

/** The server finds words for it. */
const NOWHERE = Object.freeze({ label: "", label_en: "", building_id: null, entrance: null });

/** What the next tap on the map says. @type {((at: LonLat) => void) | null} */
let wanted = null;
let told = 0;

/** @param {(at: LonLat) => void} take */
function nextTap(take) {
  wanted = take;
  startPlacing();
  model.set({ sheet: "peek" });
  told = toast(t("drills.tap_map"));
}

/** Taps are taken from now on. */
export function startTakingTaps() {
  model.listen(({ placing }) => {
    if (!placing) wanted = null;
    if (!placing || placing.at) dismiss(told);
    if (!placing?.at || !wanted) return;
    const take = wanted;
    wanted = null;
    stopPlacing();
    model.set({ sheet: "half" });
    take(placing.at);
  }, ["placing"]);
}

/** @param {(place: PlaceOfDrill) => void} take */
export function pointAtPlace(take) {
  nextTap(([lon, lat]) => take({ ...NOWHERE, lon, lat }));
}

/**
 * @param {import("../../types/page.js").Building} building
 * @returns {PlaceOfDrill}
 */
export function placeOfBuilding(building) {
  const [door] = building.entrances;
  const [lon, lat] = door ? [door.lon, door.lat] : middleOf(building.geometry);
  return { ...NOWHERE, lon, lat, building_id: building.id };
}

/**
 * @param {string} id
 * @param {number} number
 */
export function pointAtInject(id, number) {
  nextTap(([lon, lat]) => editPlan(id, (plan) => changedInject(plan, number, { lon, lat })));
}

/**
 * @param {string} id
 * @param {number} number
 */
export function drawClosure(id, number) {
  const inject = planShown(model.value, id).plan?.injects.find((each) => each.number === number);
  const closure = inject?.closure;
  const points = closure?.geometry.type === "LineString" ? pointsOf(closure.geometry) : [];
  drawInjectClosure({ drill: id, number }, { points, before: points.length > 0 ? [[]] : [], widerThanM: (closure ?? inject)?.wider_than_m ?? null });
}

/** @param {{ drill: string, number: number }} inject */
export function takeClosure({ drill, number }) {
  const { points, widerThanM } = model.value.draft;
  if (points.length < 2) return;
  /** @type {GeoJSON.LineString} */
  const geometry = { type: "LineString", coordinates: points.map(([lon, lat]) => [lon, lat]) };
  editPlan(drill, (plan) => changedInject(plan, number, { closure: { geometry, wider_than_m: widerThanM } }));
  showDrill(drill, number);
}
