// What drills showed to be put right: the list, and what is still open where a drill is planned.

import { editPlan } from "../../../actions/drills/edit-plan.js";
import { showDrill, showDrills, showFinding, showFindings } from "../../../actions/map/navigation.js";
import { errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { changedObjective, withObjective } from "../../../state/drills/plan.js";
import { icon } from "../../components/icon.js";
import { listRow } from "../../components/list-row.js";
import { viewHeader } from "../../components/view-header.js";
import { segments } from "../../components/fields.js";
import { dayWords, ownerWords } from "../../../state/drills/drill-words.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/findings.js").Finding} Finding
 */

const LONGEST_OBJECTIVE = 200;
const OBJECTIVES_AT_MOST = 30;

/** @param {Finding} finding */
export const isSettled = ({ state }) => state === "closed" || state === "dropped";

/**
 * @param {Finding} finding
 * @param {string} today
 */
const isOverdue = (finding, today) => !isSettled(finding) && finding.due_on !== null && finding.due_on < today;

/**
 * @param {Model} model
 * @param {Extract<import("../../../types/page.js").View, { name: "findings" }>} view
 * @returns {import("../../../types/page.js").PanelView}
 */
export function findingsView(model, view) {
  const { drill, filter } = view;
  const { status, value, error } = model.loaded.findings;
  const of = (value?.findings ?? []).filter(({ drill_id }) => !drill || drill_id === drill);
  const today = value?.today ?? "";
  const shown = of.filter((each) => (filter === "all" ? true : filter === "overdue" ? isOverdue(each, today) : !isSettled(each)));
  const first = (/** @type {Finding} */ a, /** @type {Finding} */ b) => Number(isSettled(a)) - Number(isSettled(b)) || (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999");
  const name = drill && model.loaded.drills.value?.find(({ id }) => id === drill)?.name;
  const body = html`
    ${viewHeader(t("findings.title"), { symbol: "check", below: name || nothing, back: () => (drill ? showDrill(drill) : showDrills()) })}
    ${status === "loading" && !value ? html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>` : nothing}
    ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
    ${segments(
      t("findings.show"),
      filter,
      [["open", t("findings.filter_open")], ["overdue", t("findings.filter_overdue")], ["all", t("findings.filter_all")]],
      (next) => showFindings({ drill, filter: next }),
    )}
    ${value && shown.length === 0 ? html`<p class="muted">${t("findings.none")}</p>` : nothing}
    <div>${[...shown].sort(first).map((each) => row(each, today, model))}</div>
    ${may(model.live.viewer, "plan_drill") ? html`<button class="button" @click=${() => showFinding(null, { drill })}>${icon("plus")}<span>${t("findings.new")}</span></button>` : nothing}
  `;
  return { body };
}

/**
 * @param {Finding} finding
 * @param {string} today
 * @param {Model} model
 */
function row(finding, today, model) {
  const late = isOverdue(finding, today);
  const due = finding.due_on ? t("findings.due", { day: dayWords(finding.due_on) }) : t("findings.no_due");
  const aside = html`<span class="drill-state" data-state=${finding.state} ?data-late=${late}>${t(late ? "findings.overdue" : `findings.state_${finding.state}`)}</span>`;
  return listRow(finding.hazard_id ? "warning" : finding.closure_id ? "barrier" : "check", finding.text, {
    below: [ownerWords(finding, model), due].filter(Boolean).join(" · "),
    aside,
    act: () => showFinding(finding.id),
  });
}

/**
 * Of a drill that took place: the way to what it showed.
 * @param {Model} model
 * @param {import("../../../types/drills.js").Drill | null} saved
 */
export function findingsOfDrill({ live }, saved) {
  if (!saved || saved.state === "planned" || saved.state === "called_off" || !may(live.viewer, "see_findings")) return nothing;
  return listRow("check", t("findings.title"), { below: t("findings.of_drill"), act: () => showFindings({ drill: saved.id, filter: "all" }) });
}

/**
 * Where a drill is planned: what earlier ones of this place or template left open, each a tap from an objective.
 * @param {import("../../components/fields.js").Editing} editing
 * @param {import("../../../types/drills.js").Drill | null} saved
 */
export function openFromEarlier({ model, id, plan }, saved) {
  const { value, subject } = model.loaded.planFindings;
  const open = saved?.state === "planned" && subject.endsWith(`for_drill=${id}`) ? (value?.findings ?? []) : [];
  if (open.length === 0) return nothing;
  const mayEdit = may(model.live.viewer, "plan_drill");
  const has = (/** @type {Finding} */ { text }) => plan.objectives.some((each) => each.text === text.slice(0, LONGEST_OBJECTIVE));
  return html`
    <details class="fold" data-part="findings">
      <summary>${icon("check")}<span>${t("findings.left_open", { n: open.length })}</span></summary>
      <ul class="left-open">
        ${open.map(
          (each) => html`<li>
            <button class="row-button" @click=${() => showFinding(each.id)}><span>${each.text}</span></button>
            ${mayEdit
              ? html`<button class="button" ?disabled=${has(each) || plan.objectives.length >= OBJECTIVES_AT_MOST} @click=${() => addObjective(id, each)}>${t(has(each) ? "findings.is_objective" : "findings.to_objective")}</button>`
              : nothing}
          </li>`,
        )}
      </ul>
    </details>
  `;
}

/**
 * @param {string} id  of the drill
 * @param {Finding} finding
 */
function addObjective(id, { text }) {
  editPlan(id, (plan) => {
    const { plan: more, key } = withObjective(plan);
    return changedObjective(more, key, { text: text.slice(0, LONGEST_OBJECTIVE), measure: "observed", within_s: plan.duration_s });
  });
}
