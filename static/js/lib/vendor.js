// The one file that names third-party code. index.html's import map says where it lies.

import { LitElement, html, nothing, svg } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { AttributionControl, Map as MapLibreMap, Marker, ScaleControl, setWorkerUrl } from "maplibre-gl";

// From our own origin rather than a blob, so that the content security policy can stay strict.
setWorkerUrl(new URL("../../node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", import.meta.url).href);

export {
  AttributionControl,
  LitElement,
  MapLibreMap,
  Marker,
  ScaleControl,
  classMap,
  html,
  keyed,
  nothing,
  repeat,
  styleMap,
  svg,
};
