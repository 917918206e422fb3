// The plan that is looked at, on the map: where the drill is, lanes that it closes, points of hazards and casualties.
// Violet, as all that is practised.

import { listed } from "../../lib/format.js";
import { everySeconds } from "../../lib/ticks.js";
import { boundsOf, pointsOf } from "../../lib/geometry.js";
import { current } from "../../map/current.js";
import { routeFeatures } from "../../map/features.js";
import { planShown } from "../../state/drills/plan.js";
import { model } from "../../state/model.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/page.js").LonLat} LonLat
 */

const SOURCE = "drill-plan";
const FONT = ["PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, system-ui, sans-serif"];
/** A style that was changed meanwhile has lost the plan. */
const LOOK_EVERY_S = 1;

let drawn = "";
let looked = "";

export function startDrawingPlan() {
  model.listen(draw, ["view", "loaded", "drillDraft", "theme", "language"]);
  everySeconds(LOOK_EVERY_S, draw);
}

function draw() {
  const { view } = model.value;
  const id = view.name === "drill" || view.name === "rehearsal" ? view.id : view.name === "closure_draft" ? (view.inject?.drill ?? null) : null;
  const plan = id === null ? null : planShown(model.value, id).plan;
  const without = view.name === "closure_draft" ? (view.inject?.number ?? null) : null;
  const stage = view.name === "drill" ? model.value.loaded.plannedReach.value?.stages[view.stage ?? 0] : undefined;
  const ways = plan && stage ? routeFeatures(stage.reach.members, null).features : [];
  if (current.view?.ready) show(current.view, [...ways, ...featuresOf(plan, without)]);
  lookAt(id, plan);
}

/**
 * @param {import("../../map/view.js").MapView} view
 * @param {GeoJSON.Feature[]} features
 */
function show({ map, tokens }, features) {
  const key = JSON.stringify(features);
  const source = /** @type {any} */ (map.getSource(SOURCE));
  if (source && key === drawn) return;
  if (!source && features.length === 0) return;
  drawn = key;
  const data = /** @type {GeoJSON.FeatureCollection} */ ({ type: "FeatureCollection", features });
  if (source) return void source.setData(data);
  map.addSource(SOURCE, { type: "geojson", data });
  for (const layer of layers(tokens)) map.addLayer(layer);
}

/**
 * @param {import("../../map/tokens.js").Tokens} tokens
 * @returns {any[]}
 */
function layers(tokens) {
  const isLine = ["all", ["==", ["geometry-type"], "LineString"], ["!", ["has", "mode"]]];
  const isWay = ["all", ["==", ["geometry-type"], "LineString"], ["has", "mode"]];
  const isPoint = ["==", ["geometry-type"], "Point"];
  return [
    { id: "drill-ways", type: "line", source: SOURCE, filter: isWay, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": tokens.respond, "line-width": 4, "line-opacity": 0.7 } },
    { id: "drill-closure-edges", type: "line", source: SOURCE, filter: isLine, layout: { "line-cap": "round" }, paint: { "line-color": tokens.exercise, "line-width": 16 } },
    { id: "drill-closures", type: "line", source: SOURCE, filter: isLine, paint: { "line-pattern": "tape", "line-width": 9 } },
    {
      id: "drill-points",
      type: "circle",
      source: SOURCE,
      filter: isPoint,
      paint: { "circle-radius": ["case", ["to-boolean", ["get", "place"]], 14, 12], "circle-color": tokens.exercise, "circle-stroke-color": tokens.surface, "circle-stroke-width": ["case", ["to-boolean", ["get", "place"]], 5, 2] },
    },
    {
      id: "drill-numbers",
      type: "symbol",
      source: SOURCE,
      filter: isPoint,
      layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 14, "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": tokens["on-exercise"] },
    },
    {
      id: "drill-numbers-below",
      type: "symbol",
      source: SOURCE,
      filter: isPoint,
      layout: { "text-field": ["get", "below"], "text-font": FONT, "text-size": 14, "text-anchor": "top", "text-offset": [0, 1.2], "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": tokens.exercise, "text-halo-color": tokens["map-halo"], "text-halo-width": 2 },
    },
  ];
}

/**
 * @param {import("../../types/drills.js").DrillPlan | null} plan
 * @param {number | null} without  the inject whose lane is being drawn again
 * @returns {GeoJSON.Feature[]}
 */
function featuresOf(plan, without) {
  if (!plan) return [];
  /** @type {GeoJSON.Feature[]} */
  const features = [];
  /** @type {Map<string, { at: LonLat, numbers: number[], place: boolean }>} what lies at one point is one mark */
  const marks = new Map();
  const mark = (/** @type {LonLat} */ at, /** @type {number | null} */ number) => {
    const key = at.map((each) => each.toFixed(6)).join(" ");
    const known = marks.get(key) ?? { at, numbers: [], place: false };
    marks.set(key, { at, numbers: number === null ? known.numbers : [...known.numbers, number], place: known.place || number === null });
  };
  mark([plan.place.lon, plan.place.lat], null);
  for (const { number, closure, lon, lat } of plan.injects) {
    if (closure && number !== without) {
      const points = pointsOf(closure.geometry);
      features.push({ type: "Feature", geometry: closure.geometry, properties: {} });
      mark(points[Math.floor(points.length / 2)] ?? [0, 0], number);
    }
    if (lon !== null && lat !== null) mark([lon, lat], number);
  }
  for (const { at, numbers, place } of marks.values()) {
    const alone = !place && numbers.length === 1;
    const properties = { place, label: place ? "★" : alone ? String(numbers[0]) : "…", below: alone ? "" : listed(numbers.map(String)) };
    features.push({ type: "Feature", geometry: { type: "Point", coordinates: [...at] }, properties });
  }
  return features;
}

/**
 * Show where the drill is when it is opened, and never move the map while it is looked at.
 * @param {string | null} id
 * @param {import("../../types/drills.js").DrillPlan | null} plan
 */
function lookAt(id, plan) {
  if (id === null) looked = "";
  if (!plan?.place || !current.view?.ready || looked === id) return;
  looked = id ?? "";
  const points = featuresOf(plan, null).flatMap(({ geometry }) => pointsOf(geometry));
  if (boundsOf(points)) current.view.camera.show(points);
}
