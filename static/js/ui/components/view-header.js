// The head of everything but the overview and an incident: a way back, and a name.

import { showOverview } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "./icon.js";

/**
 * @param {string} title
 * @param {{ symbol?: string, below?: unknown, back?: () => unknown }} [more]  `back`: to where it came from, if that is not the overview
 */
export const viewHeader = (title, { symbol, below, back = showOverview } = {}) => html`
  <header class="view-header">
    <button class="square" aria-label=${t("action.back")} @click=${back}>${icon("back")}</button>
    ${symbol ? html`<span class="symbol">${icon(symbol)}</span>` : nothing}
    <div>
      <h2>${title}</h2>
      ${below ? html`<p class="muted">${below}</p>` : nothing}
    </div>
  </header>
`;
