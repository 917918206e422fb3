// Units of a rehearsal on the map: violet, for no one really moves. A ring is on the way, a full mark on scene.

import { everySeconds } from "../../../lib/ticks.js";
import { current } from "../../../map/current.js";

/** @typedef {import("../../../state/drills/rehearsal.js").UnitThen} UnitThen */

const SOURCE = "rehearsed-units";
const FONT = ["PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, system-ui, sans-serif"];

/** @type {GeoJSON.Feature[]} */
let shown = [];
/** @type {(() => void) | null} */
let stop = null;

/**
 * @param {readonly UnitThen[]} units  none takes them away
 * @param {(id: string) => string} nameOf
 */
export function showRehearsed(units, nameOf) {
  shown = units.flatMap(({ id, at, state, path }) => [
    ...(path.length > 1 ? [wayOf(path, state)] : []),
    { type: "Feature", geometry: { type: "Point", coordinates: [...at] }, properties: { state, label: nameOf(id) } },
  ]);
  // A style that was changed meanwhile has lost them.
  if (shown.length > 0) stop ??= everySeconds(1, draw);
  else {
    stop?.();
    stop = null;
  }
  draw();
}

/**
 * @param {UnitThen["path"]} path
 * @param {UnitThen["state"]} state
 * @returns {GeoJSON.Feature}
 */
const wayOf = (path, state) => ({ type: "Feature", geometry: { type: "LineString", coordinates: path.map((each) => [...each]) }, properties: { state } });

function draw() {
  if (!current.view?.ready) return;
  const { map, tokens } = current.view;
  const source = /** @type {any} */ (map.getSource(SOURCE));
  const data = /** @type {GeoJSON.FeatureCollection} */ ({ type: "FeatureCollection", features: shown });
  if (source) return void source.setData(data);
  if (shown.length === 0) return;
  map.addSource(SOURCE, { type: "geojson", data });
  for (const layer of layers(tokens)) map.addLayer(layer);
}

/**
 * @param {import("../../../map/tokens.js").Tokens} tokens
 * @returns {any[]}
 */
function layers(tokens) {
  const isPoint = ["==", ["geometry-type"], "Point"];
  const isThere = ["==", ["get", "state"], "on_scene"];
  return [
    { id: "rehearsed-paths", type: "line", source: SOURCE, filter: ["==", ["geometry-type"], "LineString"], layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": tokens.exercise, "line-width": 4, "line-opacity": 0.55 } },
    {
      id: "rehearsed-units",
      type: "circle",
      source: SOURCE,
      filter: isPoint,
      paint: { "circle-radius": 9, "circle-color": ["case", isThere, tokens.exercise, tokens.surface], "circle-stroke-color": ["case", isThere, tokens.surface, tokens.exercise], "circle-stroke-width": 4 },
    },
    {
      id: "rehearsed-names",
      type: "symbol",
      source: SOURCE,
      filter: isPoint,
      layout: { "text-field": ["get", "label"], "text-font": FONT, "text-size": 13, "text-anchor": "top", "text-offset": [0, 1], "text-optional": true },
      paint: { "text-color": tokens.exercise, "text-halo-color": tokens["map-halo"], "text-halo-width": 2 },
    },
  ];
}
