// Before a drill starts: whom that calls, and a second step. Also what is asked before it goes on beside something else.

import { beginBeside, startDrill, stopAsking } from "../../../actions/drills/steer-run.js";
import { showDrillRun, showIncident } from "../../../actions/map/navigation.js";
import { dayAndTime, listed, number } from "../../../lib/format.js";
import { nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { ongoingDrills } from "../../../state/drills/ongoing.js";
import { openIncidents } from "../../../state/selectors.js";
import { icon } from "../../components/icon.js";
import "../../components/confirm-button.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/page.js").DrillRunView} DrillRunView
 * @typedef {import("../../../types/drills.js").ShownRun} ShownRun
 */

/**
 * @param {ShownRun} shown
 * @param {Model} model
 */
export function notStarted({ drill: { plan, state, problems }, people }, { live }) {
  return html`
    <p><strong>${plan.place.label}</strong> ${plan.starts_at ? dayAndTime(plan.starts_at) : nothing}</p>
    <p>${t(plan.mode === "tabletop" ? "console.start_tabletop" : "console.start_field")}</p>
    ${people === null || people === undefined ? nothing : html`<p class="whom-it-calls"><strong>${people === 0 ? t("console.calls_no_one") : t("console.called", { n: number(people), partners: partnersOf(plan.partner_ids, live) })}</strong></p>`}
    <p class="muted">${t("console.counts", { injects: plan.injects.length, objectives: plan.objectives.length })}</p>
    ${problems.length > 0 && state === "planned" ? html`<p class="problem">${t("error.drill_not_ready")}</p>` : nothing}
  `;
}

/**
 * @param {readonly string[]} ids  none is all
 * @param {Model["live"]} live
 */
function partnersOf(ids, { snapshot }) {
  if (ids.length === 0) return t("console.for_all");
  return listed((snapshot?.partners ?? []).filter(({ id }) => ids.includes(id)).map(nameOf));
}

/**
 * Phones ring at once: not by a slip of the finger.
 * @param {ShownRun} shown
 * @param {DrillRunView} view
 */
export function startBar({ drill: { state, problems } }, { sending, asks }) {
  if (state !== "planned" || asks) return undefined;
  return html`<er-confirm-button class="start-drill" .words=${t(sending ? "console.starting" : "console.start")} .disabled=${Boolean(sending) || problems.length > 0} .act=${() => void startDrill()}></er-confirm-button>`;
}

/**
 * A real alert is open, or another drill: that is said plainly, and only a second step goes on beside it.
 * @param {Model} model
 * @param {DrillRunView} view
 */
export function asking({ live }, { id, asks }) {
  if (!asks) return nothing;
  const real = openIncidents(live).find(({ incident }) => !incident.exercise);
  const other = ongoingDrills(live).find(({ drill_id }) => drill_id !== id);
  const isDrill = asks === "beside";
  return html`
    <div class="problem beside-real" role="alertdialog" aria-label=${t(isDrill ? "console.drill_open" : "console.real_open")}>
      <p><strong>${t(isDrill ? "console.drill_open" : "console.real_open")}</strong></p>
      <p>${isDrill ? t("console.drill_first", { name: other?.name ?? "" }) : t("console.real_first")}</p>
      ${isDrill && other ? html`<button class="button big" @click=${() => showDrillRun(other.drill_id)}>${icon("drill")}<span>${t("console.look_at_drill")}</span></button>` : nothing}
      ${!isDrill && real ? html`<button class="button primary big" @click=${() => showIncident(real.incident.id)}>${icon("alarm")}<span>${t("console.look_at_real")}</span></button>` : nothing}
      <button class="button" @click=${() => stopAsking(id)}>${t(`console.not_${asks}`)}</button>
      <button class="button violet" @click=${() => void beginBeside(asks)}>${t(`console.still_${asks}`)}</button>
    </div>
  `;
}
