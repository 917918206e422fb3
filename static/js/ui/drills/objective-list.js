// What should be reached by when.

import { stopwatch } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { changedObjective, COUNTING, MEASURES, PARTNER_KINDS, withObjective, withoutObjective } from "../../state/drills/plan.js";
import { icon } from "../components/icon.js";
import { choiceField, clockField, numberField, textField } from "../components/fields.js";

/**
 * @typedef {import("../components/fields.js").Editing} Editing
 * @typedef {import("../../types/drills.js").Objective} Objective
 */

const OBJECTIVES_AT_MOST = 30;
const START = "start";

/** @param {Editing} editing */
export function objectiveList(editing) {
  const { plan, edit } = editing;
  return html`
    <details class="fold" data-part="objectives">
      <summary><span>${t("drills.objectives", { n: plan.objectives.length })}</span></summary>
      <ul class="entries">
        ${repeat(plan.objectives, ({ key }) => key, (objective) => row(objective, editing))}
      </ul>
      <button class="button" type="button" ?disabled=${plan.objectives.length >= OBJECTIVES_AT_MOST} @click=${() => edit((now) => withObjective(now).plan)}>${icon("plus")}<span>${t("drills.add_objective")}</span></button>
    </details>
  `;
}

/**
 * @param {Objective} objective
 * @param {Editing} editing
 */
function row(objective, { plan, edit, why }) {
  const { key, text, measure, within_s, since_inject, partner_kind, count } = objective;
  const put = (/** @type {Partial<Objective>} */ change) => edit((now) => changedObjective(now, key, change));
  const wrong = (/** @type {string} */ name) => why(`objectives.${key}.${name}`);
  const since = plan.injects.filter(({ kind }) => measure !== "lane_clear" || kind === "closure").map(({ number, text: its }) => /** @type {[string, string]} */ ([String(number), t("drills.since_inject", { n: number, text: its })]));
  const starts = /** @type {[string, string]} */ (measure === "lane_clear" ? [START, t("drills.choose")] : [START, t("drills.since_start")]);
  return html`
    <li>
      <details class="entry" ?open=${text === ""} ?data-wrong=${why(`objectives.${key}`)}>
        <summary><strong>${text || t("drills.new_objective")}</strong><span class="target">≤ ${stopwatch(within_s)}</span></summary>
        <div class="entry-fields">
          ${textField(t("drills.objective_text"), text, (its) => put({ text: its }), { longest: 200, required: true, hint: t("drills.objective_hint"), why: wrong("text") })}
          <div class="two">
            ${choiceField(t("drills.measure"), measure, MEASURES.map((each) => [each, t(`drills.measure_${each}`)]), (its) => put({ measure: its }), wrong("measure"))}
            ${clockField(t("drills.within"), within_s, (its) => put({ within_s: its }), wrong("within_s"))}
          </div>
          <div class="two">
            ${choiceField(t("drills.since"), since_inject === null ? START : String(since_inject), [starts, ...since], (its) => put({ since_inject: its === START ? null : Number(its) }), wrong("since_inject"))}
            ${measure === "partner_on_scene" ? choiceField(t("drills.partner_kind"), partner_kind ?? PARTNER_KINDS[0], PARTNER_KINDS.map((each) => [each, t(`partner_kind.${each}`)]), (its) => put({ partner_kind: its }), wrong("partner_kind")) : nothing}
            ${COUNTING.includes(measure) ? numberField(t(`drills.count_${measure}`), count, (its) => put({ count: its }), { least: 1, most: 10_000, required: measure !== "first_on_scene", why: wrong("count") }) : nothing}
          </div>
          <button class="button" type="button" @click=${() => edit((now) => withoutObjective(now, key))}>${icon("close")}<span>${t("drills.remove_objective")}</span></button>
        </div>
      </details>
    </li>
  `;
}
