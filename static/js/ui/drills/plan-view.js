// The plan of a drill: read by who may see it, edited by planners until it starts.

import { callOff, dropDraft, editPlan, keepMine, savePlan } from "../../actions/drills/edit-plan.js";
import { goBack, showDrills } from "../../actions/map/navigation.js";
import { now } from "../../lib/clock.js";
import { errorWords } from "../../lib/errors.js";
import { dayAndTime } from "../../lib/format.js";
import { hasWords, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { openProblems, planShown } from "../../state/drills/plan.js";
import { kindIcon } from "../../state/kinds.js";
import { icon } from "../components/icon.js";
import { viewHeader } from "../components/view-header.js";
import "../components/confirm-button.js";
import { dateWords } from "../../state/drills/drill-words.js";
import { findingsOfDrill, openFromEarlier } from "./follow-up/findings.js";
import { injectList, lookAtInject } from "./inject-list.js";
import { objectiveList } from "./objective-list.js";
import { files } from "./plan-files.js";
import { plannedReach } from "./planned-reach.js";
import { basics } from "./plan-basics.js";
import { placeFold } from "./plan-place.js";
import { consoleEntry } from "./run/console-entry.js";
import { rehearsalEntry } from "./rehearsal/rehearsal-entry.js";
import { replayLinks } from "./run/replay-links.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/drills.js").Drill} Drill
 * @typedef {import("../../types/drills.js").DrillDraft} DrillDraft
 * @typedef {import("../components/fields.js").Editing} Editing
 */

/**
 * @param {Model} model
 * @param {Extract<import("../../types/page.js").View, { name: "drill" }>} view
 * @returns {import("../../types/page.js").PanelView}
 */
export function drillView(model, { id, inject, stage = 0 }) {
  const { plan, saved, draft } = planShown(model, id);
  if (!plan) return { body: html`${viewHeader(t("drills.plan"), { back: () => goBack(showDrills) })}${waiting(model)}`, exercise: true };
  const mayEdit = may(model.live.viewer, "plan_drill") && (!saved || saved.state === "planned");
  const problems = openProblems(saved, plan);
  const why = (/** @type {string} */ field) => reasonAt(field, draft, problems);
  /** @type {Editing} */
  const editing = { model, id, plan, edit: (change) => editPlan(id, change), why };
  const body = html`
    ${head(model, editing, saved)} ${conflict(saved, draft)}
    ${problems.length > 0 ? stillOpen(problems) : nothing}
    ${openFromEarlier(editing, saved)} ${findingsOfDrill(model, saved)}
    <fieldset class="plan" ?disabled=${!mayEdit || draft?.sending}>
      ${placeFold(editing)} ${basics(editing, saved)} ${objectiveList(editing)} ${injectList(editing, inject ?? null)}
    </fieldset>
    ${rehearsalEntry(model, saved, draft !== null)} ${replayLinks(model, saved)}
    ${saved?.state === "planned" ? plannedReach(model, stage) : nothing} ${files(model, saved, draft !== null)}
    ${mayEdit && saved ? html`<er-confirm-button .words=${t("drills.call_off")} .act=${() => callOff(id)}></er-confirm-button>` : nothing}
  `;
  return { body, actions: mayEdit && draft ? saving(draft) : consoleEntry(model, saved), exercise: true };
}

/** @param {Model} model */
function waiting({ loaded: { drillPlan } }) {
  if (drillPlan.status === "failed") return html`<p class="problem" role="alert">${errorWords(drillPlan.error ?? "no_answer")}</p>`;
  return html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>`;
}

/**
 * @param {Model} model
 * @param {Editing} editing
 * @param {Drill | null} saved
 */
function head(model, { plan }, saved) {
  const below = saved && html`<span class="drill-state" data-state=${saved.state}>${t(`drills.state_${saved.state}`)}</span> ${dateWords(plan.starts_at, now())}<small>${t("drills.changed", { name: saved.changed_by_name, time: dayAndTime(saved.changed_at) })}</small>`;
  return viewHeader(plan.name || t("drills.plan"), { symbol: kindIcon(plan.kind, model), below, back: () => goBack(showDrills) });
}

/**
 * What keeps it from being ready, each with the way to it.
 * @param {readonly import("../../types/drills.js").PlanProblem[]} problems
 */
const stillOpen = (problems) => html`
  <section class="still">
    ${icon("warning")}
    <ul>
      <li>${t("drills.still", { n: problems.length })}</li>
      ${problems.map(({ code, field }) => {
        const [list, name] = field.split(".");
        const words = hasWords(`drills.problem_${code}`) ? t(`drills.problem_${code}`) : t("drills.wrong");
        return list === "injects" ? html`<li><button @click=${() => lookAtInject(Number(name))}>${t("drills.of_inject", { n: Number(name), words })}</button></li>` : html`<li>${words}</li>`;
      })}
    </ul>
  </section>
`;

/**
 * Another person has saved since this was begun: nothing typed here is lost, and nothing of theirs goes unseen.
 * @param {Drill | null} saved
 * @param {DrillDraft | null} draft
 */
function conflict(saved, draft) {
  if (!saved || !draft || draft.version === saved.version) return nothing;
  return html`
    <div class="problem plan-conflict" role="alert">
      <p>${t("drills.conflict", { name: saved.changed_by_name, time: dayAndTime(saved.changed_at) })}</p>
      <div class="choices">
        <button class="button" @click=${dropDraft}>${t("drills.take_theirs")}</button>
        <er-confirm-button .words=${t("drills.keep_mine")} .act=${keepMine}></er-confirm-button>
      </div>
    </div>
  `;
}

/** @param {DrillDraft} draft */
function saving(draft) {
  const { refused, sending } = draft;
  return html`
    ${refused ? html`<p class="problem" role="alert">${refusal(refused, draft)}</p>` : nothing}
    <div class="choices">
      <button class="button primary big" ?disabled=${sending} @click=${saveWhenWhole}>${t(sending ? "drills.saving" : "drills.save")}</button>
      <er-confirm-button class="drop" .words=${t("drills.drop")} .act=${dropDraft} .disabled=${sending}></er-confirm-button>
    </div>
  `;
}

/**
 * What the browser knows to be wrong is shown first, wherever it is folded away.
 * @param {Event} event
 */
function saveWhenWhole(event) {
  const panel = /** @type {HTMLElement} */ (event.target).closest(".panel");
  const wrong = /** @type {HTMLInputElement | null | undefined} */ (panel?.querySelector(".plan :is(input, textarea, select):invalid"));
  if (!wrong) return void savePlan();
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  wrong.reportValidity();
}

/**
 * @param {import("../../types/drills.js").Refusal} refused
 * @param {DrillDraft} draft
 */
function refusal({ code, field, by }, { plan }) {
  if (code === "edit_conflict") return t("drills.conflict_short", { name: by ?? "" });
  const [list, name] = field?.split(".") ?? [];
  if (list === "injects" && name) return t("drills.refused_inject", { n: name });
  if (list === "objectives" && name) return t("drills.refused_objective", { name: plan.objectives.find(({ key }) => key === name)?.text ?? name });
  return field ? (refusedWords(field) ?? errorWords(code)) : errorWords(code);
}

/** @param {string} field */
function refusedWords(field) {
  const parts = field.split(".").filter((part) => !/^\d+$/.test(part));
  const key = parts.reverse().find((part) => hasWords(`drills.wrong_${part}`));
  return key ? t(`drills.wrong_${key}`) : null;
}

/**
 * @param {string} field
 * @param {DrillDraft | null} draft
 * @param {readonly import("../../types/drills.js").PlanProblem[]} problems
 * @returns {string | null}
 */
function reasonAt(field, draft, problems) {
  const refused = draft?.refused;
  const isWithin = (/** @type {string | null | undefined} */ other) => other === field || other?.startsWith(`${field}.`);
  if (refused && refused.code !== "edit_conflict" && isWithin(refused.field)) return refusedWords(refused.field ?? "") ?? t("drills.wrong");
  const problem = problems.find((each) => isWithin(each.field));
  if (!problem) return null;
  return hasWords(`drills.problem_${problem.code}`) ? t(`drills.problem_${problem.code}`) : t("drills.wrong");
}
