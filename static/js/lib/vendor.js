// The file that names third-party code for what is drawn; the map's is in map/maplibre.js, which is loaded later.

import { LitElement, html, nothing, svg } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";

export { LitElement, classMap, html, keyed, nothing, repeat, styleMap, svg };
