// One thing in a list: pictogram, name, a line below, and what a tap does.

import { html, nothing } from "../../lib/vendor.js";
import { icon } from "./icon.js";

/**
 * @param {string} symbol
 * @param {string} name
 * @param {{ below?: unknown, aside?: unknown, act: () => void }} more
 */
export const listRow = (symbol, name, { below, aside, act }) => html`
  <button class="row-button" @click=${act}>
    ${icon(symbol)}
    <span><strong>${name}</strong>${below ? html`<small>${below}</small>` : nothing}</span>
    ${aside ?? nothing}
  </button>
`;
