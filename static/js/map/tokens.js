// The map's colours come from css/tokens.css, so that page and map say the same by the same colour.

const NAMES = /** @type {const} */ ([
  "map-land",
  "map-road",
  "map-road-casing",
  "map-road-narrow",
  "map-building",
  "map-building-special",
  "map-building-chosen",
  "map-label",
  "map-halo",
  "respond",
  "respond-faint",
  "on-respond",
  "plate",
  "on-plate",
  "ink",
  "ink-muted",
  "surface",
  "exercise",
  "on-exercise",
  "sev-red",
  "sev-orange",
  "sev-yellow",
  "sev-blue",
]);

/** @typedef {Record<(typeof NAMES)[number], string>} Tokens */

/** @returns {Tokens} as they are for the theme shown now */
export function readTokens() {
  const style = getComputedStyle(document.documentElement);
  const entries = NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || "#888888"]);
  return Object.fromEntries(entries);
}
