// Where a plan breaks: one list, each place once, with why and in which rehearsals it holds.

import { number } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { current } from "../../../map/current.js";
import { icon } from "../../components/icon.js";
import { breakWords, causeWords, scopeWords } from "./rehearsal-words.js";

/**
 * @param {import("../../../types/rehearsal.js").Rehearsal} rehearsal
 * @param {import("../../../types/drills.js").DrillPlan} plan
 * @param {import("../../../types/page.js").Model} model
 */
export const breakList = ({ findings, seed }, plan, model) => html`
  <section data-part="breaks">
    <h3>${t("rehearse.breaks", { n: number(findings.length) })}</h3>
    ${findings.length === 0 ? html`<p class="muted">${t("rehearse.no_breaks")}</p>` : nothing}
    <ul class="breaks">
      ${findings.map((found) => {
        const { code, lon, lat } = found;
        const words = breakWords(found, plan, model);
        const why = causeWords(found, plan, model);
        const scope = scopeWords(found, seed);
        return html`<li data-code=${code}>
          ${lon === null || lat === null ? html`<p>${words}</p>` : html`<button class="row-button" type="button" @click=${() => current.view?.camera.show([[lon, lat]])}>${icon("pin")}<span>${words}</span></button>`}
          ${why ? html`<p class="why">${why}</p>` : nothing} ${scope ? html`<p class="scope muted">${scope}</p>` : nothing}
        </li>`;
      })}
    </ul>
  </section>
`;
