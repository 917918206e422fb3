// How far the call has come, in four numbers.

import { number } from "../format.js";
import { t } from "../i18n.js";
import { counts } from "../selectors.js";
import { html, styleMap } from "../vendor.js";

const SHOWN = /** @type {const} */ (["called", "delivered", "accepted", "on_scene"]);

/** @param {import("../messages.js").IncidentPicture} picture */
export function countTiles(picture) {
  const all = counts(picture);
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
  `;
}
