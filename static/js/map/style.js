// The map's style: our own tiles, our own colours, and labels drawn by the browser (no glyph or sprite server).

import { LAYERS } from "../state/layers.js";
import { criticalLayers } from "./critical.js";
import { NOTHING } from "./features.js";
import { buildingLayers, groundLayers, nameLayers } from "./base-layers.js";
import { bandLayers, liveLayers } from "./live-layers.js";

/** GeoJSON sources that the page fills. */
const LIVE_SOURCES = ["bands", "critical", "routes", "stops", "draft", "proposal", ...LAYERS.filter(({ look }) => look !== null).map(({ name }) => name)];

export const FONT = ["PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, system-ui, sans-serif"];

/**
 * @param {string} circleId
 * @param {string} version  another one is another address, which no cache holds
 */
export const tilesOf = (circleId, version) =>
  `${location.origin}/api/circles/${circleId}/tiles/{z}/{x}/{y}${version ? `?v=${encodeURIComponent(version)}` : ""}`;

/**
 * Without a `glyphs` address MapLibre draws every letter, Chinese or Latin, with the device's fonts.
 * @param {object} how
 * @param {string} how.circleId
 * @param {string} how.tilesVersion
 * @param {string} how.language
 * @param {import("./tokens.js").Tokens} how.tokens
 * @returns {any} a MapLibre style
 */
export function styleFor({ circleId, tilesVersion, language, tokens }) {
  const live = LIVE_SOURCES.map((name) => [name, { type: "geojson", data: NOTHING }]);
  return {
    version: 8,
    light: { anchor: "viewport", color: "#ffffff", intensity: 0.25 },
    sources: {
      circle: {
        type: "vector",
        tiles: [tilesOf(circleId, tilesVersion)],
        minzoom: 0,
        maxzoom: 16,
        promoteId: { buildings: "id" },
      },
      ...Object.fromEntries(live),
    },
    layers: [
      ...groundLayers(tokens),
      ...bandLayers(tokens),
      ...buildingLayers(tokens),
      ...nameLayers({ language, tokens, font: FONT }),
      ...criticalLayers({ tokens, font: FONT }),
      ...liveLayers({ tokens, font: FONT }),
    ],
  };
}
