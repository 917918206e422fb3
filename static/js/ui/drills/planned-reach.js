// Who should arrive when by the plan, before anyone has walked: at the start, and after each inject that changes the way.

import { showStage } from "../../actions/map/navigation.js";
import { errorWords } from "../../lib/errors.js";
import { listed, number, stopwatch } from "../../lib/format.js";
import { language, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { reachTable } from "../../state/drills/reach.js";

/**
 * @typedef {import("../../types/drills.js").ReachStage} ReachStage
 * @typedef {import("../../types/drills.js").PlannedReach} PlannedReach
 */

/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} chosen  which stage is on the map
 */
export function plannedReach({ loaded: { plannedReach: { status, value, error } } }, chosen) {
  return html`
    <section class="planned-reach" data-part="reach">
      <h3>${t("drills.reach")}</h3>
      ${status === "loading" && !value ? html`<div class="progress"></div>` : nothing}
      ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
      ${value ? table(value, chosen) : nothing}
    </section>
  `;
}

/**
 * @param {PlannedReach} found
 * @param {number} chosen
 */
function table({ stages, left_out }, chosen) {
  const rows = reachTable(stages);
  if (rows.length === 0) return html`<p class="muted">${t("drills.reach_none")}</p>`;
  return html`
    <p class="muted">${t("drills.reach_hint")}</p>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("drills.reach")}>
      <table class="reach-plan">
        <thead>
          <tr>
            <th scope="col">${t("drills.reach_unit")}</th>
            ${stages.map((stage, at) => html`<th scope="col"><button type="button" aria-pressed=${at === chosen} @click=${() => showStage(at)}>${stageWords(stage, at)}</button></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ name, name_en, cells }) => html`<tr>
              <th scope="row">${(language() === "en" && name_en) || name}</th>
              ${cells.map((cell) => html`<td ?data-worse=${cell.isWorse}>${cell.response_s === null ? html`<small>${why(cell)}</small>` : stopwatch(cell.response_s)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${left_out > 0 ? html`<p class="muted">${t("drills.reach_left_out", { n: number(left_out) })}</p>` : nothing}
  `;
}

/** @param {import("../../state/drills/reach.js").Cell} cell */
const why = ({ isOut, reason }) => (isOut ? t("drills.reach_out") : reason ? t(`not_reached.${reason}`) : "—");

/**
 * @param {ReachStage} stage
 * @param {number} at
 */
function stageWords({ from_s, injects }, at) {
  const when = from_s === null ? t("drills.reach_any_time") : `T+${stopwatch(from_s)}`;
  return html`${at === 0 ? t("drills.reach_start") : when}<small>${injects.length === 0 ? nothing : t("drills.reach_after", { n: listed(injects.map((each) => number(each))) })}</small>`;
}
