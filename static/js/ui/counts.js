// How far the call has come, in four numbers.

import { number } from "../format.js";
import { t } from "../i18n.js";
import { counts, notReached } from "../selectors.js";
import { html, nothing, styleMap } from "../vendor.js";

const SHOWN = /** @type {const} */ (["called", "delivered", "accepted", "on_scene"]);

/**
 * @param {import("../messages.js").IncidentPicture} picture
 * @param {number} nowMs
 */
export function countTiles(picture, nowMs) {
  const all = counts(picture);
  const missing = notReached(picture, nowMs).length;
  return html`
    <dl class="counts">
      ${SHOWN.map(
        (each) => html`
          <div data-count=${each}>
            <dt>${t(`counts.${each}`)}</dt>
            <dd>${number(all[each])}</dd>
            <span class="share" style=${styleMap({ "--share": String(all.called === 0 ? 0 : all[each] / all.called) })}></span>
          </div>
        `,
      )}
    </dl>
    ${missing > 0 ? html`<p class="problem" role="status">${t("incident.missing", { n: missing })}</p>` : nothing}
  `;
}
