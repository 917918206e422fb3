// What a tap on the map means.

import { changeDraft } from "../actions/closure.js";
import { showBuilding, showPlace, showThing } from "../actions/look.js";
import { t } from "../i18n.js";
import { model, toast } from "../model.js";
import { snapped } from "./snapping.js";

/** @typedef {import("../vendor.js").MapLibreMap} MapLibreMap */

/** A fingertip is not a mouse: look this far around it, in pixels. */
const FINGER_PX = 14;
const THINGS = /** @type {const} */ ({
  units: "unit",
  hazards: "hazard",
  facilities: "facility",
  "closure-lines": "closure",
  "closure-areas": "closure",
});

/** @param {MapLibreMap} map */
export function handleTaps(map) {
  map.on("click", ({ point, lngLat, defaultPrevented }) => {
    if (defaultPrevented) return;
    if (model.value.view.name === "closure_draft") return addToDraft(map, point);
    if (tappedThing(map, point) || tappedBuilding(map, point)) return;
    // Somebody looking at an incident is not thrown out of it by a tap beside a house.
    if (model.value.view.name !== "incident") pointAt(lngLat);
  });
  map.on("contextmenu", ({ lngLat }) => pointAt(lngLat));
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.cursor = present(map, ["buildings", ...Object.keys(THINGS)], point) ? "pointer" : "";
  });
}

/**
 * @param {MapLibreMap} map
 * @param {string[]} layers
 * @param {{ x: number, y: number }} point
 */
function present(map, layers, { x, y }) {
  const known = layers.filter((layer) => map.getLayer(layer));
  return known.length > 0 && map.queryRenderedFeatures([x, y], { layers: known }).length > 0;
}

/**
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 */
function tappedThing(map, { x, y }) {
  const layers = Object.keys(THINGS).filter((layer) => map.getLayer(layer));
  /** @type {[[number, number], [number, number]]} */
  const around = [
    [x - FINGER_PX, y - FINGER_PX],
    [x + FINGER_PX, y + FINGER_PX],
  ];
  const exact = map.queryRenderedFeatures([x, y], { layers })[0];
  const found = exact ?? map.queryRenderedFeatures(around, { layers })[0];
  // A house under the finger is meant rather than a symbol beside it.
  if (!found || (!exact && present(map, ["buildings"], { x, y }))) return false;
  showThing(THINGS[/** @type {keyof typeof THINGS} */ (found.layer.id)], String(found.properties["id"]));
  return true;
}

/**
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 */
function tappedBuilding(map, { x, y }) {
  if (!map.getLayer("buildings")) return false;
  const found = map.queryRenderedFeatures([x, y], { layers: ["buildings"] })[0];
  const building = model.value.buildings.value?.find((each) => each.id === found?.properties["id"]);
  if (!building) return false;
  showBuilding(building);
  return true;
}

/** @param {{ lng: number, lat: number }} lngLat */
function pointAt({ lng, lat }) {
  showPlace({ lon: lng, lat, label: "", building: null, entrance: null, accuracyM: null });
}

/**
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 */
function addToDraft(map, point) {
  const { draft } = model.value;
  if (draft.sending) return;
  const points = snapped(map, point, draft.points);
  if (!points) return toast(t("closure.no_lane"), "problem");
  changeDraft({ points, before: [...draft.before, draft.points] });
}
