// A lane that a drill has closed: only in the drill, until somebody who stands there says that it is clear.

import { steerDrill } from "../../../actions/drills/steer-run.js";
import { showObserve } from "../../../actions/map/navigation.js";
import { errorWords } from "../../../lib/errors.js";
import { number } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { closedBy, ongoingDrill } from "../../../state/drills/ongoing.js";
import { icon } from "../../components/icon.js";
import { viewHeader } from "../../components/view-header.js";

/**
 * @param {import("../../../types/page.js").Model} model
 * @param {Extract<import("../../../types/page.js").View, { name: "drill_lane" }>} view
 * @returns {import("../../../types/page.js").PanelView}
 */
export function laneView({ live }, { id, inject, sending, error }) {
  const run = ongoingDrill(live, id);
  const lane = run?.closures.find((closure) => closedBy(run, closure.id) === inject);
  const back = () => showObserve(id);
  if (!run || !lane) return { body: html`${viewHeader(t("observe.lane"), { symbol: "check", back })}<p class="calm">${icon("check")}<span>${t("observe.lane_clear_now")}</span></p>`, exercise: true };
  const whom = lane.wider_than_m === null ? t("closure.for_all") : t("closure.for_wider", { width: number(lane.wider_than_m) });
  const body = html`
    ${viewHeader(`${t("exercise.prefix")}${lane.name || t("observe.lane")}`, { symbol: "barrier", below: whom, back })}
    <p class="drill-note">${icon("drill")}<span>${t("observe.lane_of_drill", { name: run.name })}</span></p>
    ${error ? html`<p class="problem" role="alert">${errorWords(error)}</p>` : nothing}
  `;
  const actions = html`<button class="button big violet" ?disabled=${Boolean(sending)} @click=${() => void steerDrill(`injects/${inject}/clear`)}>${icon("check")}<span>${t("observe.lane_report")}</span></button>`;
  return { body, actions, exercise: true };
}
