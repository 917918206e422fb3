// Layers of the ground: roads as wide as they are, buildings as high as they are, and names.

/** Metres assumed for a road whose width is not known, by class. */
const WIDTH_M = {
  motorway: 16,
  trunk: 14,
  primary: 12,
  secondary: 10,
  tertiary: 8,
  residential: 6,
  unclassified: 6,
  road: 6,
  living_street: 4.5,
  service: 4,
  pedestrian: 4,
  cycleway: 2,
  footway: 2,
  path: 1.5,
  steps: 2,
};
const MAJOR = ["motorway", "trunk", "primary", "secondary"];
const ON_FOOT = ["footway", "path", "steps", "cycleway", "pedestrian"];

/** A fire engine's working minimum, in metres: GB 55037 asks for 4.0, 3.5 is what it manages with. */
const ENGINE_WIDTH_M = 3.5;
const STOREY_M = 3;

const roadClass = ["get", "class"];
/** Tiles may carry decimals as text. */
const mapped = ["to-number", ["get", "width_m"], 0];
const known = ["case", [">", mapped, 0], mapped, ["match", roadClass, ...Object.entries(WIDTH_M).flat(), 5]];

/**
 * A line as wide as so many metres are on the map at 28° north; never so thin that it is lost.
 * @param {number} extraPx
 */
function widthPx(extraPx) {
  const far = ["match", roadClass, MAJOR, 2.4, ["tertiary"], 1.6, ON_FOOT, 0.5, 1];
  const at = (/** @type {number} */ pxPerM, /** @type {number} */ least) => [
    "+",
    ["max", least, ["*", known, pxPerM]],
    extraPx,
  ];
  return ["interpolate", ["exponential", 2], ["zoom"], 11, ["+", far, extraPx / 2], 16, at(0.95, 1.4), 20, at(15.2, 6)];
}

const ROADS = { source: "circle", "source-layer": "roads" };

/**
 * @param {import("./tokens.js").Tokens} tokens
 * @returns {any[]}
 */
export function groundLayers(tokens) {
  const roads = { ...ROADS, type: "line" };
  const joined = { "line-cap": "round", "line-join": "round", "line-sort-key": ["coalesce", ["get", "layer"], 0] };
  return [
    { id: "land", type: "background", paint: { "background-color": tokens["map-land"] } },
    {
      ...roads,
      id: "road-casing",
      minzoom: 13,
      layout: joined,
      paint: { "line-color": tokens["map-road-casing"], "line-width": widthPx(2) },
    },
    { ...roads, id: "roads", layout: joined, paint: { "line-color": tokens["map-road"], "line-width": widthPx(0) } },
    {
      ...roads,
      id: "road-narrow",
      minzoom: 15.5,
      filter: ["all", [">", mapped, 0], ["<", mapped, ENGINE_WIDTH_M]],
      layout: { "line-cap": "butt" },
      paint: { "line-color": tokens["map-road-narrow"], "line-width": 1.5, "line-dasharray": [2, 3] },
    },
    {
      ...roads,
      id: "road-width-unread",
      minzoom: 15.5,
      filter: ["==", ["get", "width_unread"], true],
      layout: { "line-cap": "round" },
      paint: { "line-color": tokens["map-road-narrow"], "line-width": 3, "line-dasharray": [0, 2.5] },
    },
  ];
}

/**
 * @param {import("./tokens.js").Tokens} tokens
 * @returns {any[]}
 */
export function buildingLayers(tokens) {
  return [
    {
      id: "buildings",
      type: "fill-extrusion",
      source: "circle",
      "source-layer": "buildings",
      minzoom: 13,
      paint: {
        "fill-extrusion-color": [
          "case",
          ["==", ["feature-state", "severity"], "red"], tokens["sev-red"],
          ["==", ["feature-state", "severity"], "orange"], tokens["sev-orange"],
          ["==", ["feature-state", "severity"], "yellow"], tokens["sev-yellow"],
          ["==", ["feature-state", "severity"], "blue"], tokens["sev-blue"],
          ["==", ["feature-state", "severity"], "exercise"], tokens["exercise"],
          ["boolean", ["feature-state", "chosen"], false], tokens["map-building-chosen"],
          ["match", ["get", "use"], ["residential"], true, false], tokens["map-building"],
          tokens["map-building-special"],
        ],
        "fill-extrusion-height": ["to-number", ["get", "height_m"], ["*", STOREY_M, ["to-number", ["get", "storeys"], 2]]],
        "fill-extrusion-opacity": 0.92,
        "fill-extrusion-vertical-gradient": true,
      },
    },
  ];
}

/**
 * @param {object} how
 * @param {string} how.language
 * @param {import("./tokens.js").Tokens} how.tokens
 * @param {string[]} how.font
 * @returns {any[]}
 */
export function nameLayers({ language, tokens, font }) {
  const [first, second] = language === "en" ? ["name_en", "name"] : ["name", "name_en"];
  // An empty name is no name.
  const name = ["case", ["!=", ["coalesce", ["get", first], ""], ""], ["get", first], ["coalesce", ["get", second], ""]];
  const text = { "text-color": tokens["map-label"], "text-halo-color": tokens["map-halo"], "text-halo-width": 1.6 };
  return [
    {
      ...ROADS,
      id: "road-names",
      type: "symbol",
      minzoom: 14,
      layout: {
        "symbol-placement": "line",
        "text-field": name,
        "text-font": font,
        "text-size": ["interpolate", ["linear"], ["zoom"], 14, 12, 18, 15],
        "text-padding": 6,
      },
      paint: text,
    },
    {
      id: "names",
      type: "symbol",
      source: "circle",
      "source-layer": "labels",
      minzoom: 14,
      layout: {
        "text-field": name,
        "text-font": font,
        "text-size": ["interpolate", ["linear"], ["zoom"], 14, 12, 17, 14, 20, 17],
        "text-max-width": 8,
        "text-padding": 2,
        "symbol-sort-key": ["coalesce", ["get", "rank"], 9],
      },
      paint: text,
    },
  ];
}
