// Layers of what happens: bands, ways, closures, hazards, facilities, units.

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
    {
      id: "closure-areas",
      type: "fill",
      source: "closures",
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-pattern": "closed-tape", "fill-opacity": 0.7 },
    },
    {
      id: "closure-lines",
      type: "line",
      source: "closures",
      layout: { "line-cap": "butt" },
      paint: { "line-pattern": "closed-tape", "line-width": ["interpolate", ["linear"], ["zoom"], 13, 5, 18, 12] },
    },
    {
      id: "closure-names",
      type: "symbol",
      source: "closures",
      minzoom: 16,
      layout: words({ "text-size": 13, "text-offset": [0, 1.4], "text-anchor": "top", "text-max-width": 9 }),
      paint: ink,
    },
    {
      id: "facilities",
      type: "symbol",
      source: "facilities",
      minzoom: 15,
      layout: words({
        "icon-image": ["get", "icon"],
        "icon-padding": 1,
        "symbol-sort-key": ["get", "order"],
        "text-field": ["step", ["zoom"], "", 18, ["get", "label"]],
        "text-size": 13,
        "text-anchor": "top",
        "text-offset": [0, 1.3],
        "text-optional": true,
        "text-max-width": 8,
      }),
      paint: { ...ink, "icon-opacity": ["case", ["get", "works"], 1, 0.4] },
    },
    {
      id: "hazards",
      type: "symbol",
      source: "hazards",
      minzoom: 15,
      layout: words({
        "icon-image": ["get", "icon"],
        "icon-allow-overlap": true,
        "text-field": ["step", ["zoom"], "", 18, ["get", "label"]],
        "text-size": 13,
        "text-anchor": "top",
        "text-offset": [0, 1.3],
        "text-optional": true,
        "text-max-width": 8,
      }),
      paint: ink,
    },
    {
      id: "stops",
      type: "symbol",
      source: "stops",
      layout: words({ "text-size": 14, "text-anchor": "bottom", "text-offset": [0, -0.6], "text-max-width": 12 }),
      paint: { ...ink, "text-color": tokens.respond },
    },
    {
      id: "units",
      type: "symbol",
      source: "units",
      layout: words({
        "icon-image": ["get", "icon"],
        "icon-allow-overlap": true,
        "symbol-sort-key": ["case", ["get", "focused"], 0, 1],
        "text-field": ["step", ["zoom"], "", 15, ["get", "label"]],
        "text-size": 13,
        "text-anchor": "top",
        "text-offset": [0, 1.5],
        "text-optional": true,
        "text-max-width": 9,
      }),
      paint: { ...ink, "icon-opacity": ["case", ["get", "faded"], 0.55, 1] },
    },
    {
      id: "draft-line",
      type: "line",
      source: "draft",
      filter: ["==", ["geometry-type"], "LineString"],
      paint: { "line-pattern": "closed-tape", "line-width": 12 },
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

/** Which style layers each switch of the legend shows or hides. */
export const SWITCHED = Object.freeze({
  units: ["units"],
  facilities: ["facilities"],
  hazards: ["hazards"],
  closures: ["closure-areas", "closure-lines", "closure-names"],
  bands: ["bands", "band-edges"],
  labels: ["names", "road-names"],
  buildings: ["buildings"],
});
