// Brings the map's sources into line with the model, touching only those whose reasons changed.

import { ago, distance } from "../lib/format.js";
import { nameOf, t } from "../lib/i18n.js";
import { shownUnitId } from "../state/called-units.js";
import { calls, incidentById, openIncidents } from "../state/selectors.js";
import { drawable } from "../state/positions.js";
import { criticalFeatures } from "./critical.js";
import {
  closureFeatures,
  draftFeatures,
  facilityFeatures,
  hazardFeatures,
  NOTHING,
  routeFeatures,
  stopFeatures,
  unitFeatures,
} from "./features.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 * @typedef {import("../lib/vendor.js").MapLibreMap} MapLibreMap
 */

/**
 * @param {MapLibreMap} map
 * @param {Model} model
 * @param {{ drawn: Record<string, unknown>, nowMs: number }} how
 */
export function drawChanges(map, model, { drawn, nowMs }) {
  const { picture } = model.live;
  const { language, view } = model;
  const focusedUnitId = shownUnitId(model);
  const incident = view.name === "incident" ? incidentById(model.live, view.id) : null;
  const circle = incident?.response_circle ?? (view.name === "place" ? model.reach.value : null);
  const members = circle?.members ?? [];
  const positions = drawable(picture?.positions ?? [], nowMs);
  const every5s = Math.floor(nowMs / 5000);
  const everyMinute = Math.floor(nowMs / 60_000);

  const draw = (/** @type {string} */ source, /** @type {unknown[]} */ reasons, /** @type {() => any} */ data) => {
    const before = /** @type {unknown[] | undefined} */ (drawn[source]);
    if (before && before.length === reasons.length && before.every((each, i) => each === reasons[i])) return;
    drawn[source] = reasons;
    /** @type {any} */ (map.getSource(source))?.setData(data());
  };

  draw("units", [picture?.units, picture?.positions, incident, language, focusedUnitId, every5s], () =>
    unitFeatures(picture?.units ?? [], positions, {
      nowMs,
      focusedUnitId,
      deliveries: incident ? calls(incident) : [],
      label: (unit, position) => unitLabel(unit, position, nowMs),
    }),
  );
  draw("facilities", [model.facilities.value, language], () => facilityFeatures(model.facilities.value ?? [], facilityLabel));
  draw("hazards", [picture?.hazards, language], () => hazardFeatures(picture?.hazards ?? [], nameOf));
  draw("closures", [picture?.closures, language, everyMinute], () =>
    closureFeatures(picture?.closures ?? [], { nowMs, label: closureLabel }),
  );
  draw("routes", [circle, focusedUnitId], () => routeFeatures(members, focusedUnitId));
  const focused = members.filter((member) => member.unit_id === focusedUnitId);
  draw("stops", [circle, focusedUnitId, language], () => stopFeatures(focused, stopLabel));
  draw("bands", [model.bands.value, model.layers.bands], () => (model.layers.bands && model.bands.value) || NOTHING);
  const { criticality, chosenRoadId } = model.study;
  const roads = view.name === "criticality" ? (criticality.value?.result?.roads ?? null) : null;
  draw("critical", [roads, chosenRoadId], () => criticalFeatures(roads ?? [], chosenRoadId));
  const draft = view.name === "closure_draft" ? model.draft.points : null;
  draw("draft", [draft], () => draftFeatures(draft ?? []));
  markBuildings(map, model, drawn);
}

/**
 * @param {import("../types/messages.js").Unit} unit
 * @param {import("../types/messages.js").Position | null} position
 * @param {number} nowMs
 */
function unitLabel(unit, position, nowMs) {
  if (!unit.on_duty) return `${nameOf(unit)}\n${t("unit_card.off_duty")}`;
  if (!position) return `${nameOf(unit)}\n${t("unit_card.at_post")}`;
  return `${nameOf(unit)}\n${ago((nowMs - Date.parse(position.at)) / 1000)}`;
}

/** @param {import("../types/page.js").Facility} facility */
function facilityLabel(facility) {
  return facility.out_of_service ? `${nameOf(facility)}\n${t("facility.out_of_service")}` : nameOf(facility);
}

/** @param {import("../types/messages.js").Closure} closure */
function closureLabel(closure) {
  if (closure.wider_than_m !== null) return t("closure.label_wider", { name: closure.name, width: closure.wider_than_m });
  return t("closure.label_all", { name: closure.name });
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
  const chosen = model.view.name === "place" ? model.view.place.building?.id : null;
  if (chosen) marks[chosen] = { ...marks[chosen], chosen: true };
  const key = JSON.stringify(marks);
  if (drawn["marks"] === key) return;
  drawn["marks"] = key;
  map.removeFeatureState({ source: "circle", sourceLayer: "buildings" });
  for (const [id, mark] of Object.entries(marks)) {
    map.setFeatureState({ source: "circle", sourceLayer: "buildings", id }, mark);
  }
}
