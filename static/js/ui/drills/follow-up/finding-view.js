// One finding: what is to be done, by whom, until when; and its end.

import { showDrill, showDrillRun, showFindings, showThing } from "../../../actions/map/navigation.js";
import { errorWords } from "../../../lib/errors.js";
import { dayAndTime } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { thingById } from "../../../state/layers.js";
import { listRow } from "../../components/list-row.js";
import { viewHeader } from "../../components/view-header.js";
import { dayWords, ownerWords } from "../../../state/drills/drill-words.js";
import { isSettled } from "./findings.js";
import "./close-finding.js";
import "./finding-form.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/findings.js").Finding} Finding
 */

/**
 * @param {Model} model
 * @param {Extract<import("../../../types/page.js").View, { name: "finding" }>} view
 * @returns {import("../../../types/page.js").PanelView}
 */
export function findingView(model, { id, from = {} }) {
  const mayChange = may(model.live.viewer, "plan_drill");
  const { status, value, error } = model.loaded.findings;
  const finding = value?.findings.find((each) => each.id === id) ?? null;
  const back = () => (from.console && from.drill ? showDrillRun(from.drill) : showFindings({ drill: from.drill, filter: "open" }));
  if (id && !finding) {
    const words = status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : html`<p class="muted" role="status">${t(value ? "findings.gone" : "panel.loading")}</p>`;
    return { body: html`${viewHeader(t("findings.one"), { back })}${words}` };
  }
  const below = finding ? html`${t(`findings.state_${finding.state}`)} · ${t("drills.changed", { name: finding.changed_by_name, time: dayAndTime(finding.changed_at) })}` : nothing;
  const body = html`
    ${viewHeader(t(finding ? "findings.one" : "findings.new"), { symbol: "check", below, back })}
    ${finding && isSettled(finding) ? ended(finding) : nothing}
    ${mayChange ? html`<er-finding-form .model=${model} .finding=${finding} .from=${from}></er-finding-form>` : finding ? read(finding, model) : nothing}
    ${finding ? links(finding, model) : nothing}
    ${mayChange && finding && !isSettled(finding) ? html`<er-close-finding .model=${model} .finding=${finding}></er-close-finding>` : nothing}
  `;
  return { body };
}

/** @param {Finding} finding */
const ended = ({ note, closed_at, closed_by_name }) => html`
  <p class="notice">${note}<small>${t("findings.closed_by", { name: closed_by_name, time: closed_at ? dayAndTime(closed_at) : "" })}</small></p>
`;

/**
 * @param {Finding} finding
 * @param {Model} model
 */
const read = (finding, model) => html`
  <p class="as-written">${finding.text}</p>
  <p class="muted">${[ownerWords(finding, model), finding.due_on ? t("findings.due", { day: dayWords(finding.due_on) }) : t("findings.no_due")].filter(Boolean).join(" · ")}</p>
`;

/**
 * @param {Finding} finding
 * @param {Model} model
 */
function links({ drill_id, hazard_id, closure_id }, model) {
  const hazard = hazard_id && /** @type {any} */ (thingById(model, "hazard", hazard_id));
  const closure = closure_id && /** @type {any} */ (thingById(model, "closure", closure_id));
  const drill = drill_id && may(model.live.viewer, "see_drill_plan");
  return html`
    ${hazard ? listRow("warning", hazard.name, { below: t(`hazard_state.${hazard.state}`), act: () => showThing("hazard", hazard.id) }) : nothing}
    ${closure ? listRow("barrier", closure.name, { act: () => showThing("closure", closure.id) }) : nothing}
    ${drill ? listRow("calendar", t("findings.its_drill"), { act: () => showDrill(drill_id) }) : nothing}
  `;
}
