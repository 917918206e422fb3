// What a tap on the map means.

import { changeDraft } from "../actions/map/closure.js";
import { offerAlternatives } from "../actions/map/tap-alternatives.js";
import { chooseForProposal, placeThing, showPlace, showThing } from "../actions/map/navigation.js";
import { t } from "../lib/i18n.js";
import { model, toast } from "../state/model.js";
import { areaOf, meantBy } from "./hit-testing.js";
import { snapped } from "./snapping.js";
import { TAPPED } from "./thing-layers.js";

/** @typedef {import("./maplibre.js").MapLibreMap} MapLibreMap */

/** A fingertip is not a mouse: look this far around it, in pixels. */
const TOUCH_PX = 14;

/** @param {MapLibreMap} map */
export function handleTaps(map) {
  map.on("click", ({ point, lngLat, defaultPrevented }) => {
    if (defaultPrevented) return;
    const { view, placing } = model.value;
    if (placing) return placeThing([lngLat.lng, lngLat.lat]);
    if (view.name === "closure_draft") return addToDraft(map, point);
    if (view.name === "proposal") return placeProposal(map, point, lngLat);
    const { first, others } = meantBy({
      house: houseAt(map, point),
      nearHouses: housesAbout(map, point),
      things: thingsAt(map, point),
      choosing: view.name === "choose_place",
    });
    if (first) showThing(first.kind, first.id);
    // A tap beside a house does not leave an incident that is looked at.
    else if (view.name !== "incident") pointAt(lngLat);
    else return;
    offerAlternatives(others);
  });
  map.on("contextmenu", ({ point, lngLat }) => (model.value.view.name === "proposal" ? placeProposal(map, point, lngLat) : pointAt(lngLat)));
  map.on("mousemove", ({ point }) => {
    map.getCanvas().style.cursor = present(map, ["buildings", ...Object.keys(TAPPED)], point) ? "pointer" : "";
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
 * What is drawn about the finger, nearest first; of a symbol its middle counts, not how far its label reaches.
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 */
function thingsAt(map, { x, y }) {
  const layers = Object.keys(TAPPED).filter((layer) => map.getLayer(layer));
  /** @type {Map<string, import("../types/page.js").TapTarget & { awayPx: number }>} */
  const found = new Map();
  for (const { layer, geometry, properties } of map.queryRenderedFeatures(around({ x, y }), { layers })) {
    const id = String(properties["id"]);
    const kind = TAPPED[layer.id];
    if (kind && !found.has(id)) found.set(id, { kind, id, awayPx: awayPx(map, { x, y }, geometry) });
  }
  return [...found.values()].sort((a, b) => a.awayPx - b.awayPx);
}

/**
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 * @param {GeoJSON.Geometry} geometry
 */
function awayPx(map, { x, y }, geometry) {
  // Lines and areas are as near as the finger is wide.
  if (geometry.type !== "Point") return TOUCH_PX;
  const [lon, lat] = /** @type {[number, number]} */ (geometry.coordinates);
  const at = map.project([lon, lat]);
  return Math.hypot(at.x - x, at.y - y);
}

/**
 * @param {{ x: number, y: number }} point
 * @returns {[[number, number], [number, number]]}
 */
const around = ({ x, y }) => [
  [x - TOUCH_PX, y - TOUCH_PX],
  [x + TOUCH_PX, y + TOUCH_PX],
];

/**
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 * @returns {string[]}
 */
function housesAbout(map, point) {
  if (!map.getLayer("buildings")) return [];
  const found = map.queryRenderedFeatures(around(point), { layers: ["buildings"] });
  const known = new Set(model.value.loaded.buildings.value?.map(({ id }) => id));
  return [...new Set(found.map(({ properties }) => String(properties["id"])))].filter((id) => known.has(id));
}

/**
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 */
function houseAt(map, { x, y }) {
  if (!map.getLayer("buildings")) return null;
  const found = map.queryRenderedFeatures([x, y], { layers: ["buildings"] })[0];
  const building = model.value.loaded.buildings.value?.find((each) => each.id === found?.properties["id"]);
  if (!building) return null;
  const { geometry } = building;
  const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map(([outer]) => outer);
  const corners = rings.map((ring) => (ring ?? []).map(([lon, lat]) => map.project([lon ?? 0, lat ?? 0])));
  return { id: building.id, areaPx2: corners.reduce((sum, each) => sum + areaOf(each), 0) };
}

/**
 * While a message is looked at, a tap says where its alert shall be raised.
 * @param {MapLibreMap} map
 * @param {{ x: number, y: number }} point
 * @param {{ lng: number, lat: number }} lngLat
 */
function placeProposal(map, point, { lng, lat }) {
  const house = houseAt(map, point);
  const building = (house && model.value.loaded.buildings.value?.find(({ id }) => id === house.id)) ?? null;
  chooseForProposal({ place: { lon: lng, lat, label: "", building, entrance: null, accuracyM: null } });
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
