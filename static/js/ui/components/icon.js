// A pictogram beside words. It says nothing by itself to a screen reader.

import { ICONS } from "../../lib/icons.js";
import { html, svg } from "../../lib/vendor.js";

/**
 * @param {string} name
 */
export const icon = (name) => html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
  ${svg`<path d=${ICONS[name] ?? ICONS["other"] ?? ""}></path>`}
</svg>`;
