// Brings the map's sources into line with the model, touching only those whose reasons changed.

import { distance } from "../lib/format.js";
import { t } from "../lib/i18n.js";
import { shownUnitId } from "../state/called-units.js";
import { LAYERS } from "../state/layers.js";
import { placeOf, proposalById } from "../state/proposals.js";
import { incidentById, openIncidents } from "../state/selectors.js";
import { criticalFeatures } from "./critical.js";
import { draftFeatures, NOTHING, proposalFeatures, routeFeatures, stopFeatures, thingFeatures } from "./features.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 * @typedef {import("./maplibre.js").MapLibreMap} MapLibreMap
 */

/**
 * @param {MapLibreMap} map
 * @param {Model} model
 * @param {{ drawn: Record<string, unknown>, nowMs: number }} how
 */
export function drawChanges(map, model, { drawn, nowMs }) {
  const { language, view } = model;
  const focusedUnitId = shownUnitId(model);
  const incident = view.name === "incident" ? incidentById(model.live, view.id) : null;
  const circle = incident?.response_circle ?? (view.name === "place" ? model.loaded.reach.value : null);
  const members = circle?.members ?? [];

  const isNew = (/** @type {string} */ key, /** @type {unknown[]} */ reasons) => {
    const before = /** @type {unknown[] | undefined} */ (drawn[key]);
    if (before && before.length === reasons.length && before.every((each, i) => each === reasons[i])) return false;
    drawn[key] = reasons;
    return true;
  };
  const put = (/** @type {string} */ source, /** @type {any} */ data) => /** @type {any} */ (map.getSource(source))?.setData(data);
  const draw = (/** @type {string} */ source, /** @type {unknown[]} */ reasons, /** @type {() => any} */ data) => {
    if (isNew(source, reasons)) put(source, data());
  };

  for (const layer of LAYERS.filter(({ look }) => look !== null)) {
    const reasons = [layer.all(model), language, ...layer.restsOn(model, nowMs)];
    if (!isNew(layer.name, reasons)) continue;
    const data = thingFeatures(layer, model, nowMs);
    // Time passes for all of them, and changes few: the map draws four frames for each source that is set.
    if (isNew(`${layer.name} as drawn`, [JSON.stringify(data)])) put(layer.name, data);
  }
  draw("routes", [circle, focusedUnitId], () => routeFeatures(members, focusedUnitId));
  const focused = members.filter((member) => member.unit_id === focusedUnitId);
  draw("stops", [circle, focusedUnitId, language], () => stopFeatures(focused, stopLabel));
  const { chosenRoadId, layers, loaded } = model;
  draw("bands", [loaded.bands.value, layers.bands], () => (layers.bands && loaded.bands.value) || NOTHING);
  const roads = view.name === "criticality" ? (loaded.criticality.value?.result?.roads ?? null) : null;
  draw("critical", [roads, chosenRoadId], () => criticalFeatures(roads ?? [], chosenRoadId));
  const draft = view.name === "closure_draft" ? model.draft.points : null;
  draw("draft", [draft], () => draftFeatures(draft ?? []));
  const proposal = view.name === "proposal" ? proposalById(model, view.id) : null;
  const [lon, lat] = model.placing?.at ?? [];
  const place = lon !== undefined && lat !== undefined ? { lon, lat } : proposal && placeOf(model, proposal);
  draw("proposal", [proposal, place?.lon, place?.lat], () => proposalFeatures(proposal?.area ?? null, place));
  markBuildings(map, model, drawn);
}

/** @param {import("../types/messages.js").Member} member */
function stopLabel(member) {
  const walked = member.legs.filter((leg) => leg.mode === "walk").reduce((sum, leg) => sum + leg.distance_m, 0);
  return t("member.stop_label", { distance: distance(walked) });
}

/**
 * Colour the buildings that something happens in, and the one that is looked at.
 * @param {MapLibreMap} map
 * @param {Model} model
 * @param {Record<string, unknown>} drawn
 */
function markBuildings(map, model, drawn) {
  /** @type {Record<string, { severity?: string, chosen?: boolean }>} */
  const marks = {};
  for (const { incident } of openIncidents(model.live).reverse()) {
    const id = incident.place.building_id;
    if (id) marks[id] = { severity: incident.exercise ? "exercise" : incident.severity };
  }
  const { view } = model;
  const chosen = view.name === "place" || view.name === "proposal" ? view.place?.building?.id : null;
  if (chosen) marks[chosen] = { ...marks[chosen], chosen: true };
  const key = JSON.stringify(marks);
  if (drawn["marks"] === key) return;
  drawn["marks"] = key;
  map.removeFeatureState({ source: "circle", sourceLayer: "buildings" });
  for (const [id, mark] of Object.entries(marks)) {
    map.setFeatureState({ source: "circle", sourceLayer: "buildings", id }, mark);
  }
}
