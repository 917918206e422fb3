// Layers of what happens: bands, ways, and the things on the map.

import { LAYERS } from "../state/layers.js";
import { thingLayers } from "./thing-layers.js";

/** Where vehicles stop is written over what stands still, beneath what moves. */
const OVER_STOPS = 3;

/**
 * Bands lie on the ground, beneath the houses.
 * @param {import("./tokens.js").Tokens} tokens
 * @returns {any[]}
 */
export function bandLayers(tokens) {
  return [
    {
      id: "bands",
      type: "fill",
      source: "bands",
      paint: { "fill-color": tokens.respond, "fill-opacity": ["match", ["get", "minutes"], 5, 0.16, 10, 0.11, 0.08] },
    },
    {
      id: "band-edges",
      type: "line",
      source: "bands",
      paint: {
        "line-color": tokens.respond,
        "line-opacity": 0.75,
        "line-width": ["match", ["get", "minutes"], 5, 2, 10, 1.5, 1],
      },
    },
  ];
}

/**
 * @param {object} how
 * @param {import("./tokens.js").Tokens} how.tokens
 * @param {string[]} how.font
 * @returns {any[]}
 */
export function liveLayers({ tokens, font }) {
  const words = (/** @type {object} */ layout) => ({ "text-field": ["get", "label"], "text-font": font, ...layout });
  const ink = { "text-color": tokens.ink, "text-halo-color": tokens["map-halo"], "text-halo-width": 2 };
  const drawn = LAYERS.filter(({ look }) => look !== null).sort((a, b) => a.level - b.level);
  const things = (/** @type {(layer: typeof drawn[number]) => boolean} */ which) => drawn.filter(which).flatMap((layer) => thingLayers(layer, { tokens, font }));
  const strong = ["case", ["get", "focused"], 1, 0.38];
  const wide = ["interpolate", ["linear"], ["zoom"], 13, ["case", ["get", "focused"], 5, 2.5], 18, ["case", ["get", "focused"], 8, 5]];
  return [
    {
      id: "route-casing",
      type: "line",
      source: "routes",
      layout: { "line-cap": "round", "line-join": "round" },
      filter: ["get", "focused"],
      paint: { "line-color": tokens.surface, "line-width": ["interpolate", ["linear"], ["zoom"], 13, 8, 18, 13] },
    },
    {
      id: "routes",
      type: "line",
      source: "routes",
      filter: ["!=", ["get", "mode"], "walk"],
      layout: { "line-cap": "round", "line-join": "round", "line-sort-key": ["case", ["get", "focused"], 1, 0] },
      paint: { "line-color": tokens.respond, "line-width": wide, "line-opacity": strong },
    },
    {
      id: "routes-walked",
      type: "line",
      source: "routes",
      filter: ["==", ["get", "mode"], "walk"],
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": tokens.respond, "line-width": wide, "line-opacity": strong, "line-dasharray": [0.1, 1.7] },
    },
    ...things(({ level }) => level < OVER_STOPS),
    {
      id: "stops",
      type: "symbol",
      source: "stops",
      layout: words({ "text-size": 14, "text-anchor": "bottom", "text-offset": [0, -0.6], "text-max-width": 12 }),
      paint: { ...ink, "text-color": tokens.respond },
    },
    ...things(({ level }) => level >= OVER_STOPS),
    {
      id: "proposal-area",
      type: "fill",
      source: "proposal",
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "fill-color": tokens["sev-orange"], "fill-opacity": 0.18 },
    },
    {
      id: "proposal-edge",
      type: "line",
      source: "proposal",
      filter: ["!=", ["geometry-type"], "Point"],
      paint: { "line-color": tokens["sev-orange"], "line-width": 3, "line-dasharray": [2, 1.5] },
    },
    {
      id: "proposal-point",
      type: "circle",
      source: "proposal",
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 9, "circle-color": tokens["sev-orange"], "circle-stroke-color": tokens.surface, "circle-stroke-width": 3 },
    },
    {
      id: "draft-line",
      type: "line",
      source: "draft",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-pattern": "tape", "line-width": 12 },
    },
    {
      id: "draft-points",
      type: "circle",
      source: "draft",
      filter: ["==", ["geometry-type"], "Point"],
      paint: { "circle-radius": 8, "circle-color": tokens.surface, "circle-stroke-color": tokens.ink, "circle-stroke-width": 3 },
    },
  ];
}
