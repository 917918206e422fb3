// What a closed road costs: households that partners no longer reach in time, and units that come later.

import { errorWords } from "../../lib/errors.js";
import { duration, number } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { html, nothing } from "../../lib/vendor.js";
import { incidentById } from "../../state/selectors.js";
import { kindIcon } from "../../state/kinds.js";
import { kindsLost, lossesWithin } from "../../state/reach.js";
import { icon } from "../components/icon.js";

/**
 * @typedef {import("../../types/reach.js").ClosureCost} ClosureCost
 * @typedef {import("../../types/reach.js").Loss} Loss
 */

/**
 * @param {import("../../types/page.js").Model} model
 * @param {string} title
 */
export function closureImpact(model, title) {
  const { status, value, error } = model.loaded.cost;
  return html`
    <section class="cost" aria-busy=${status === "loading"}>
      <h3>${title}</h3>
      ${status === "loading" ? html`<p class="muted" role="status">${t("cost.finding")}</p><div class="progress"></div>` : nothing}
      ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
      ${value ? costWords(value, model) : nothing}
    </section>
  `;
}

/**
 * @param {ClosureCost} cost
 * @param {import("../../types/page.js").Model} model
 */
function costWords(cost, model) {
  if (!cost.on_road) return html`<p>${t("cost.off_road")}</p>`;
  return html`
    ${cost.lost > 0
      ? html`<p class="cost-head">${icon("warning")}<strong>${lostWords(cost.lost, cost.counted)}</strong></p>
          ${lossTable(cost.losses, cost.limits_s)}`
      : html`<p class="cost-head">${icon("check")}<span>${t("cost.no_loss", { limits: limitWords(cost.limits_s) })}</span></p>`}
    ${cost.slowed.length > 0
      ? html`<p class="muted">${cost.slowed.map(slowedWords).join(t("cost.and"))}</p>`
      : nothing}
    ${cost.incidents.map((each) => incidentWords(each, model))}
    ${cost.excluded > 0 ? html`<p class="muted">${t("cost.nearest_only", { n: number(cost.buildings) })}</p>` : nothing}
  `;
}

/**
 * @param {number} n
 * @param {string} counted
 */
export const lostWords = (n, counted) => t(`cost.lost_${counted}`, { n: number(n) });

/** @param {ClosureCost["slowed"][number]} slowed */
const slowedWords = ({ kind, households, max_delay_s }) =>
  t(max_delay_s > 0 ? "cost.slowed" : "cost.slowed_out", { kind: t(`partner_kind.${kind}`), n: number(households), time: duration(max_delay_s) });

/** @param {readonly number[]} limits */
const limitWords = (limits) => limits.map((limit) => number(limit / 60)).join(" / ");

/**
 * @param {ClosureCost["incidents"][number]} incident
 * @param {import("../../types/page.js").Model} model
 */
function incidentWords({ incident_id, kind, label, delays, exercise }, model) {
  const known = incidentById(model.live, incident_id);
  const words = delays.map((delay) => {
    const unit = nameOf({ name: delay.unit_name, name_en: delay.unit_name_en });
    if (delay.after_s === null) return t("cost.unit_out", { unit });
    return t("closure.slows", { unit, time: duration(delay.after_s - delay.before_s) });
  });
  return html`
    <p class="cost-incident" ?data-exercise=${exercise}>
      ${icon(kindIcon(kind, model))}
      <span><strong>${known ? placeName(known.incident.place, model) : label || t("place.point")}</strong><small>${words.length > 0 ? words.join(t("cost.and")) : t("cost.incident_as_before")}</small></span>
    </p>
  `;
}

/**
 * Households lost, a row a kind of partner, a column a limit.
 * @param {readonly Loss[]} losses
 * @param {readonly number[]} limits
 */
export function lossTable(losses, limits) {
  const widest = [...limits].sort((a, b) => b - a);
  const cell = (/** @type {string} */ kind, /** @type {number} */ limit) =>
    lossesWithin(losses, limit).find((loss) => loss.kind === kind)?.households;
  return html`
    <table class="losses">
      <thead>
        <tr>
          <th scope="col">${t("cost.whom")}</th>
          ${widest.map((limit) => html`<th scope="col">${t("cost.out_of", { n: number(limit / 60) })}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${kindsLost(losses).map(
          (kind) => html`<tr>
            <th scope="row">${t(`partner_kind.${kind}`)}</th>
            ${widest.map((limit) => html`<td ?data-none=${!cell(kind, limit)}>${number(cell(kind, limit) ?? 0)}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  `;
}
