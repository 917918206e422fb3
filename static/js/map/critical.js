// The roads that matter most, as lines on the map. Pure.

import { collection } from "./features.js";

/**
 * @param {readonly import("../types/reach.js").RoadCost[]} roads  the costliest first
 * @param {number | null} chosenId
 */
export function criticalFeatures(roads, chosenId) {
  return collection(
    roads.map((road, i) => ({
      type: "Feature",
      geometry: { type: "LineString", coordinates: road.coordinates },
      properties: { id: road.road_id, rank: i + 1, chosen: road.road_id === chosenId, label: String(i + 1) },
    })),
  );
}

/**
 * @param {object} how
 * @param {import("./tokens.js").Tokens} how.tokens
 * @param {string[]} how.font
 * @returns {any[]}
 */
export function criticalLayers({ tokens, font }) {
  const line = { "line-cap": "round", "line-join": "round" };
  const wide = (/** @type {number} */ more) => [
    "interpolate",
    ["linear"],
    ["zoom"],
    13,
    ["case", ["get", "chosen"], 6 + more, 3 + more],
    18,
    ["case", ["get", "chosen"], 12 + more, 6 + more],
  ];
  return [
    {
      id: "critical-casing",
      type: "line",
      source: "critical",
      layout: line,
      paint: { "line-color": tokens.surface, "line-width": wide(4) },
    },
    {
      id: "critical-roads",
      type: "line",
      source: "critical",
      layout: { ...line, "line-sort-key": ["case", ["get", "chosen"], 1000, ["-", 0, ["get", "rank"]]] },
      paint: { "line-color": tokens.ink, "line-width": wide(0), "line-opacity": ["case", ["get", "chosen"], 1, 0.6] },
    },
    {
      id: "critical-ranks",
      type: "symbol",
      source: "critical",
      layout: {
        "symbol-placement": "line-center",
        "symbol-sort-key": ["get", "rank"],
        "text-field": ["get", "label"],
        "text-font": font,
        "text-size": 15,
        "text-rotation-alignment": "viewport",
      },
      paint: { "text-color": tokens.ink, "text-halo-color": tokens.surface, "text-halo-width": 3 },
    },
  ];
}
