// The console of a drill: its clock, what is thrown in, what is met, what people report. On one screen in a tabletop.

import { resumeDrill, showLarge, steerDrill } from "../../../actions/drills/steer-run.js";
import { goBack, showDrill, showIncident, showObserve } from "../../../actions/map/navigation.js";
import { addStyles } from "../../../lib/addresses.js";
import { errorWords } from "../../../lib/errors.js";
import { stopwatch } from "../../../lib/format.js";
import { addWords, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { clockS, ongoingDrill, standingOf } from "../../../state/drills/ongoing.js";
import { incidentById } from "../../../state/selectors.js";
import { icon } from "../../components/icon.js";
import { viewHeader } from "../../components/view-header.js";
import "../../components/confirm-button.js";
import { feedbackOf } from "./console-feedback.js";
import { asking, notStarted, startBar } from "./console-start.js";
import { injectRows } from "./console-injects.js";
import { largeView } from "./console-large.js";
import { objectiveRows, reportsOf } from "./console-reports.js";
import { observationRows } from "./console-observations.js";
import { replayLinks } from "./replay-links.js";
import en from "../../../../locales/console/en.json" with { type: "json" };
import zh from "../../../../locales/console/zh-CN.json" with { type: "json" };

addWords({ "zh-CN": zh, en });
addStyles("drill-run-styles");

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/page.js").DrillRunView} DrillRunView
 * @typedef {import("../../../types/drills.js").ShownRun} ShownRun
 * @typedef {import("../../../types/page.js").DrillConsole} Console
 */

/**
 * @param {Model} model
 * @param {DrillRunView} view
 * @param {number} nowMs
 * @returns {import("../../../types/page.js").PanelView}
 */
export function drillRunView(model, view, nowMs) {
  const { status, value, error } = model.loaded.drillRun;
  const shown = value?.drill.id === view.id ? value : null;
  const back = () => goBack(() => showDrill(view.id));
  if (!shown) {
    const why = status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>`;
    return { body: html`${viewHeader(t("console.title"), { symbol: "drill", back })}${why}`, exercise: true };
  }
  const steers = may(model.live.viewer, "run_drill");
  // What comes by the live line is newer than what was loaded.
  const run = ongoingDrill(model.live, view.id) ?? shown.run;
  if (!run) return { body: html`${viewHeader(shown.drill.plan.name, { symbol: "drill", below: t("console.not_started"), back })}${notStarted(shown, model)} ${asking(model, view)}${problem(view)}`, actions: steers ? startBar(shown, view) : undefined, exercise: true };
  const clock = clockS(run, nowMs);
  /** @type {Console} */
  const it = { model, view, shown, run, clock, steers };
  if (view.large ?? (run.mode === "tabletop" && run.state !== "ended")) return { body: largeView(it), exercise: true };
  const body = html`
    ${head(it)} ${asking(model, view)} ${problem(view)}
    ${run.state === "ended" ? replayLinks(model, { id: run.drill_id, state: run.state }) : nothing}
    <div class="console">
      <section aria-label=${t("console.injects")}>${injectRows(it)}</section>
      <section aria-label=${t("console.so_far")}>${objectiveRows(it)} ${reportsOf(it)} ${observationRows(it)} ${feedbackOf(it)}</section>
    </div>
  `;
  return { body, actions: steers && run.state !== "ended" ? controls(it) : undefined, exercise: true };
}

/** @param {Console} it */
function head({ model, run, clock }) {
  const standing = standingOf(run);
  const exercise = run.incident_id ? incidentById(model.live, run.incident_id) : null;
  return html`
    ${viewHeader(run.name, { symbol: "drill", below: t(`drill_run.${standing}`), back: () => goBack(() => showDrill(run.drill_id)) })}
    <div class="drill-clock" data-standing=${standing}>
      <time role="timer" aria-label=${t("console.clock")}>${stopwatch(clock)}</time>
      <span role="status">${t(`console.${standing}`)}</span>
      <span class="acts">
        ${exercise ? html`<button class="button" @click=${() => showIncident(exercise.incident.id)}>${icon("people")}<span>${t("console.exercise")}</span></button>` : nothing}
        <button class="button" @click=${() => showLarge(run.drill_id, { large: true, shown: null })}>${icon("computer")}<span>${t("console.large")}</span></button>
      </span>
    </div>
  `;
}

/** @param {DrillRunView} view */
const problem = ({ error }) => (error ? html`<p class="problem" role="alert">${errorWords(error)}</p>` : nothing);

/** @param {Console} it */
function controls({ run, view: { sending, asks } }) {
  const busy = Boolean(sending);
  const turn =
    run.state === "running"
      ? html`<button class="button big" ?disabled=${busy} @click=${() => void steerDrill("pause")}>${t("console.pause")}</button>`
      : html`<button class="button big violet" ?disabled=${busy || Boolean(asks)} @click=${() => void resumeDrill()}>${t("console.resume")}</button>`;
  return html`
    <div class="run-controls">
      ${turn}
      <button class="button big" @click=${() => showObserve(run.drill_id)}>${icon("plus")}<span>${t("drill_run.observe")}</span></button>
      <er-confirm-button class="end-drill" .words=${t("console.end")} .disabled=${busy} .act=${() => void steerDrill("end")}></er-confirm-button>
    </div>
  `;
}
