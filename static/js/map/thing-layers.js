// Style layers of the things on the map: symbols with their names, and barrier tape. Those of a kind follow from its row.

import { LAYERS } from "../state/layers.js";

/** @typedef {import("../state/layers.js").Layer<any>} Layer */

/** The largest symbol has its name farther below it. */
const BELOW = /** @type {Readonly<Record<string, number>>} */ ({ disc: 1.5 });
const WIDTH_EM = /** @type {Readonly<Record<string, number>>} */ ({ disc: 9 });

/**
 * @param {Layer} layer
 * @returns {{ tapped: string[], others: string[] }} ids of its style layers, without what tiles bring
 */
function styleIds({ name, kind, shape }) {
  if (shape === "block") return { tapped: [], others: [name] };
  if (shape === "tape") return { tapped: [`${kind}-lines`, `${kind}-areas`], others: [`${kind}-names`] };
  return { tapped: [name], others: [] };
}

/** What a tap finds, by style layer. */
export const TAPPED = Object.freeze(Object.fromEntries(LAYERS.flatMap((layer) => styleIds(layer).tapped.map((id) => [id, layer.kind]))));

/** Which style layers each switch of the legend shows or hides. */
export const SWITCHED = Object.freeze({
  ...Object.fromEntries(LAYERS.map((layer) => [layer.name, Object.values(styleIds(layer)).flat()])),
  bands: ["bands", "band-edges"],
  labels: ["names", "road-names"],
});

/**
 * @param {Layer} layer
 * @param {{ tokens: import("./tokens.js").Tokens, font: string[] }} how
 * @returns {any[]}
 */
export function thingLayers(layer, { tokens, font }) {
  const ink = { "text-color": tokens.ink, "text-halo-color": tokens["map-halo"], "text-halo-width": 2 };
  const words = { "text-font": font, "text-size": 13, "text-anchor": "top" };
  return layer.shape === "tape" ? tape(layer, words, ink) : [symbols(layer, words, ink)];
}

/**
 * @param {Layer} layer
 * @param {object} words
 * @param {object} ink
 */
function symbols({ name, shape, minZoom, labelZoom, crowded }, words, ink) {
  return {
    id: name,
    type: "symbol",
    source: name,
    minzoom: minZoom,
    layout: {
      ...words,
      "icon-image": ["get", "icon"],
      ...(crowded ? { "icon-allow-overlap": true } : { "icon-padding": 1 }),
      "symbol-sort-key": ["get", "order"],
      "text-field": ["step", ["zoom"], "", labelZoom, ["get", "label"]],
      "text-offset": [0, BELOW[shape] ?? 1.3],
      "text-optional": true,
      "text-max-width": WIDTH_EM[shape] ?? 8,
    },
    paint: { ...ink, "icon-opacity": ["get", "opacity"] },
  };
}

/**
 * @param {Layer} layer
 * @param {object} words
 * @param {object} ink
 */
function tape({ name, kind, labelZoom }, words, ink) {
  return [
    {
      id: `${kind}-areas`,
      type: "fill",
      source: name,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-pattern": "tape", "fill-opacity": 0.7 },
    },
    {
      id: `${kind}-lines`,
      type: "line",
      source: name,
      layout: { "line-cap": "butt" },
      paint: { "line-pattern": "tape", "line-width": ["interpolate", ["linear"], ["zoom"], 13, 5, 18, 12] },
    },
    {
      id: `${kind}-names`,
      type: "symbol",
      source: name,
      minzoom: labelZoom,
      layout: { ...words, "text-field": ["get", "label"], "text-offset": [0, 1.4], "text-max-width": 9 },
      paint: ink,
    },
  ];
}
