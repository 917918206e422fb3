// What drills close, throw in and take out of service, on the map: violet and hatched, never as what is really so.

import { showDrillLane } from "../../../actions/map/navigation.js";
import { t } from "../../../lib/i18n.js";
import { everySeconds } from "../../../lib/ticks.js";
import { current } from "../../../map/current.js";
import { closedBy, ongoingDrills } from "../../../state/drills/ongoing.js";
import { unitsOut } from "../../../state/drills/units-out.js";
import { model } from "../../../state/model.js";
import { CROSS, addCross } from "./cross.js";

/** @typedef {import("../../../types/messages.js").DrillRun} DrillRun */

const SOURCE = "drills";
const FONT = ["PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, system-ui, sans-serif"];
/** Beneath vehicles and people, which move in drills as well. */
const BENEATH = "stops";
/** Over the unit that it crosses out. */
const CROSSES = "drill-out";
const TAPPED = ["drill-lines", "drill-areas", "drill-points"];
/** A style that was changed meanwhile has lost them. */
const LOOK_EVERY_S = 1;

let drawn = "";
/** @type {object | null} the map that tells of taps */
let listened = null;

export function startDrawingDrills() {
  model.listen(draw, ["live", "theme", "language", "layers"]);
  everySeconds(LOOK_EVERY_S, draw);
  draw();
}

function draw() {
  const { view } = current;
  if (!view?.ready) return;
  const { map, tokens } = view;
  const { live, layers: shown } = model.value;
  const features = [...ongoingDrills(live).flatMap(featuresOf), ...(shown.units ? unitsOut(live, Date.now()).map(cross) : [])];
  const key = JSON.stringify(features);
  const source = /** @type {any} */ (map.getSource(SOURCE));
  if (source ? key === drawn : features.length === 0) return;
  drawn = key;
  const data = /** @type {GeoJSON.FeatureCollection} */ ({ type: "FeatureCollection", features });
  if (source) return void source.setData(data);
  map.addSource(SOURCE, { type: "geojson", data });
  addCross(map, tokens);
  for (const layer of layers(tokens)) map.addLayer(layer, layer.id !== CROSSES && map.getLayer(BENEATH) ? BENEATH : undefined);
  if (listened === map) return;
  listened = map;
  map.on("click", TAPPED, ({ features: found = [] }) => lookAt(found[0]?.properties));
}

/**
 * Pure.
 * @param {DrillRun} run
 * @returns {GeoJSON.Feature[]}
 */
export function featuresOf(run) {
  const label = (/** @type {string} */ text) => `${t("exercise.prefix")}${text}`;
  const lanes = run.closures.map((closure) => ({
    type: /** @type {const} */ ("Feature"),
    geometry: /** @type {GeoJSON.Geometry} */ (closure.geometry),
    properties: { drill: run.drill_id, inject: closedBy(run, closure.id), icon: "plate drill barrier", label: label(closure.name || t("observe.lane")) },
  }));
  const marks = run.marks.map(({ kind, text, lon, lat }) => ({
    type: /** @type {const} */ ("Feature"),
    geometry: { type: /** @type {const} */ ("Point"), coordinates: [lon, lat] },
    properties: { icon: kind === "casualty" ? "plate drill medical" : "triangle drill warning", label: label(text) },
  }));
  return [...lanes, ...marks];
}

/**
 * @param {readonly [number, number]} at
 * @returns {GeoJSON.Feature}
 */
const cross = (at) => ({ type: "Feature", geometry: { type: "Point", coordinates: [...at] }, properties: { out: true, icon: CROSS, label: `${t("exercise.prefix")}${t("observe.unit_out")}` } });

/**
 * A tap that meant nothing else, or the ground.
 * @param {Record<string, any> | undefined} lane
 */
function lookAt(lane) {
  const { view } = model.value;
  const meant = view.name === "place" ? view.place.building === null : ["incident", "drill_run", "drill_observe", "drill_lane"].includes(view.name);
  if (meant && lane?.["inject"]) showDrillLane(String(lane["drill"]), Number(lane["inject"]));
}

/**
 * @param {import("../../../map/tokens.js").Tokens} tokens
 * @returns {any[]}
 */
function layers(tokens) {
  const isPoint = ["==", ["geometry-type"], "Point"];
  const isCross = ["has", "out"];
  const words = { "text-field": ["get", "label"], "text-font": FONT, "text-size": 13, "text-anchor": "top", "text-max-width": 10 };
  const ink = { "text-color": tokens.exercise, "text-halo-color": tokens["map-halo"], "text-halo-width": 2 };
  const wide = ["interpolate", ["linear"], ["zoom"], 13, 5, 18, 12];
  return [
    { id: "drill-areas", type: "fill", source: SOURCE, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-pattern": "tape drill", "fill-opacity": 0.6 } },
    { id: "drill-lines", type: "line", source: SOURCE, filter: ["!", isPoint], paint: { "line-pattern": "tape drill", "line-width": wide } },
    { id: "drill-names", type: "symbol", source: SOURCE, filter: ["!", isPoint], minzoom: 15, layout: { ...words, "text-offset": [0, 1] }, paint: ink },
    { id: "drill-points", type: "symbol", source: SOURCE, filter: ["all", isPoint, ["!", isCross]], layout: { ...words, "icon-image": ["get", "icon"], "icon-allow-overlap": true, "text-offset": [0, 1.3], "text-optional": true }, paint: ink },
    { id: CROSSES, type: "symbol", source: SOURCE, filter: isCross, layout: { ...words, "icon-image": ["get", "icon"], "icon-allow-overlap": true, "icon-ignore-placement": true, "text-field": ["step", ["zoom"], "", 15, ["get", "label"]], "text-anchor": "bottom", "text-offset": [0, -1.4], "text-optional": true }, paint: ink },
  ];
}
