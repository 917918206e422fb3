// The circle's drills: what everyone may know of them; planners start a new one from a template.

import { startPlan } from "../../actions/drills/start-plan.js";
import { showCalibration, showDrill, showDrillRun, showDrills, showFindings, showProgramme } from "../../actions/map/navigation.js";
import { errorWords } from "../../lib/errors.js";
import { now } from "../../lib/clock.js";
import { language, t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { kindIcon } from "../../state/kinds.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";
import { viewHeader } from "../components/view-header.js";
import { dateWords } from "../../state/drills/drill-words.js";
import { inOrder } from "../../state/drills/in-order.js";
import { placeChoices } from "./plan-place.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/drills.js").DrillCard} DrillCard
 */

/**
 * @param {Model} model
 * @param {Extract<import("../../types/page.js").View, { name: "drills" }>} view
 * @returns {import("../../types/page.js").PanelView}
 */
export function drillsView(model, view) {
  const { live, loaded } = model;
  const template = loaded.drillTemplates.value?.find(({ key }) => key === view.template);
  if (template) return whereView(model, view, template);
  const { status, value, error } = loaded.drills;
  const mayPlan = may(live.viewer, "plan_drill");
  const { next, over } = inOrder(value ?? []);
  const body = html`
    ${viewHeader(t("drills.title"), { symbol: "calendar", below: mayPlan ? nothing : t("drills.who_plans") })}
    ${status === "loading" && !value ? html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>` : nothing}
    ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
    ${value && next.length === 0 ? html`<p class="muted">${t("drills.none")}</p>` : nothing}
    ${next.map((drill) => card(drill, model))}
    ${may(live.viewer, "see_findings") ? listRow("check", t("findings.title"), { below: t("findings.means"), act: () => showFindings({ filter: "open" }) }) : nothing}
    ${may(live.viewer, "see_drill_plan") ? listRow("calendar", t("programme.title"), { below: t("programme.means"), act: () => showProgramme() }) : nothing}
    ${mayPlan ? html`<div data-part="calibration">${listRow("clock", t("calibrate.open"), { below: t("calibrate.open_means"), act: showCalibration })}</div>` : nothing}
    ${mayPlan ? templates(model) : nothing}
    ${over.length > 0
      ? html`<details class="fold">
          <summary><span>${t("drills.over", { n: over.length })}</span></summary>
          ${over.map((drill) => card(drill, model))}
        </details>`
      : nothing}
  `;
  return { body };
}

/**
 * @param {DrillCard} drill
 * @param {Model} model
 */
function card(drill, model) {
  const { live, drillDraft } = model;
  const seesPlan = may(live.viewer, "see_drill_plan");
  const show = ["running", "paused"].includes(drill.state) ? showDrillRun : showDrill;
  const words = html`
    <span class="incident-kind">${icon(kindIcon(drill.kind, model))}</span>
    <span>
      <strong>${drill.name}</strong>
      <small>${drill.ended_at ? t("drills.ended_at", { date: dateWords(drill.ended_at, now()) }) : dateWords(drill.starts_at, now())}</small>
      <small>${placeName(drill.place, model)} · ${t(`drills.mode_${drill.mode}`)}${drillDraft?.id === drill.id ? html` · <b>${t("drills.unsaved")}</b>` : nothing}</small>
    </span>
    <span class="drill-state" data-state=${drill.state}>${t(`drills.state_${drill.state}`)}</span>
  `;
  return html`
    <article class="drill" data-drill=${drill.id}>
      ${seesPlan ? html`<button class="incident-card" data-exercise @click=${() => show(drill.id)}>${words}</button>` : html`<div class="incident-card" data-exercise>${words}</div>`}
      ${drill.notice && drill.state !== "called_off" ? html`<p class="notice"><b>${t("drills.notice_to_all")}</b>${drill.notice}</p>` : nothing}
    </article>
  `;
}

/**
 * @param {Model} model
 * @param {Extract<import("../../types/page.js").View, { name: "drills" }>} view
 * @param {import("../../types/drills.js").DrillTemplate} template
 */
function whereView(model, { sending, error }, template) {
  const body = html`
    ${viewHeader(templateName(template), { symbol: kindIcon(template.kind, model), below: t("drills.where"), back: () => showDrills() })}
    ${error ? html`<p class="problem" role="alert">${errorWords(error)}</p>` : nothing}
    ${sending ? html`<p class="sending" role="status">${t("drills.saving")}</p><div class="progress"></div>` : placeChoices(model, (place) => void startPlan(template.key, place))}
  `;
  return { body, exercise: true };
}

/** @param {Model} model */
function templates(model) {
  const { status, value, error } = model.loaded.drillTemplates;
  return html`
    <h3>${t("drills.from_template")}</h3>
    ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
    <div class="templates">
      ${(value ?? []).map(
        (each) => html`<button class="row-button" data-template=${each.key} @click=${() => showDrills(each.key)}>
          ${icon(kindIcon(each.kind, model))}<span><strong>${templateName(each)}</strong><small>${t(`drills.template_${each.key}`)}</small></span>
        </button>`,
      )}
    </div>
  `;
}

/** @param {import("../../types/drills.js").DrillTemplate} template */
const templateName = ({ name }) => (language() === "en" ? name.en : name.zh);
