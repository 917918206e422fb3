// A drill of the circle that runs or is paused: everyone sees so whatever they look at, and writes down what they see of it.

import { showDrillRun, showObserve } from "../../actions/map/navigation.js";
import { stopwatch } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { clockS, ongoingDrills, standingOf } from "../../state/drills/ongoing.js";
import { icon } from "../components/icon.js";
import { participant } from "./parts.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function drillBars(model, nowMs) {
  const runs = ongoingDrills(model.live);
  // Before the network is gone: what is seen in a drill can be written down without one.
  if (runs.length > 0 && model.rest) participant();
  return runs.map((run) => bar(run, model, nowMs));
}

/**
 * @param {import("../../types/messages.js").DrillRun} run
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
function bar(run, { live, view }, nowMs) {
  const { drill_id: id, name } = run;
  // They say all of this themselves.
  if ((view.name === "drill_run" || view.name === "drill_observe") && view.id === id) return nothing;
  return html`
    <div class="bar drill-bar run-bar" data-standing=${standingOf(run)}>
      <strong><span role="status">${t(`drill_run.${standingOf(run)}`)}</span><small>${name}</small></strong>
      <time>${stopwatch(clockS(run, nowMs))}</time>
      ${may(live.viewer, "see_drill_plan") ? html`<button class="button" @click=${() => showDrillRun(id)}>${t("drill_run.console")}</button>` : nothing}
      <button class="button observe" @click=${() => showObserve(id)}>${icon("plus")}<span>${t("drill_run.observe")}</span></button>
    </div>
  `;
}
