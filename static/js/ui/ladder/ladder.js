// Who is called next and when, what was done, and what staff can do about it.

import { stopStep, takeStep } from "../../actions/incident/steer-ladder.js";
import { number, stopwatch, timeOfDay } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { canBeTaken, nextStep, OVERDUE_S, secondsUntil } from "../../state/ladder.js";
import { icon } from "../components/icon.js";

/**
 * @typedef {import("../../types/messages.js").LadderStep} LadderStep
 * @typedef {import("../../types/messages.js").Ladder} Ladder
 */

const SYMBOLS = Object.freeze({ call: "people", remind: "sound", neighbours: "pin", call_list: "phone" });

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function ladderView({ incident, ladder }, model, nowMs) {
  if (!ladder || ladder.steps.length === 0) return nothing;
  const open = incident.ended_at === null;
  const steers = open && may(model.live.viewer, incident.exercise ? "raise_exercise" : "raise_alert");
  const next = open ? nextStep(ladder) : null;
  return html`
    <section class="ladder" aria-label=${t("ladder.title")}>
      ${open ? (next ? nextLine(incident.id, next, { steers, nowMs, busy: model.steering }) : restLine(ladder)) : nothing}
      <details class="fold">
        <summary>${icon("clock")}<span>${t("ladder.all", { name: nameOf(ladder), n: number(ladder.steps.length) })}</span></summary>
        <ol class="ladder-steps">
          ${ladder.steps.map((step) => stepRow(step, incident, { steers, nowMs, busy: model.steering }))}
        </ol>
        ${steers && next ? html`<er-confirm-button .words=${t("ladder.stop_all")} .act=${() => stopStep(incident.id, null)}></er-confirm-button>` : nothing}
      </details>
    </section>
  `;
}

/**
 * @param {string} incidentId
 * @param {LadderStep} step
 * @param {{ steers: boolean, nowMs: number, busy: boolean }} how
 */
function nextLine(incidentId, step, { steers, nowMs, busy }) {
  const left = secondsUntil(step, nowMs);
  const overdue = step.failures > 0 || left < -OVERDUE_S;
  return html`
    <div class="next-step" data-overdue=${overdue} role=${overdue ? "alert" : nothing}>
      ${icon(SYMBOLS[step.rung.kind])}
      <p>
        <strong>${nameOf(step.rung)}</strong>
        <small>${step.failures > 0 ? failing(step) : overdue ? t("ladder.overdue") : t("ladder.next", { time: stopwatch(Math.ceil(Math.max(0, left))), when: t(`ladder.when_${step.rung.condition}`) })}</small>
      </p>
      ${steers ? stepButtons(incidentId, step, busy) : nothing}
    </div>
  `;
}

/** @param {Pick<LadderStep, "number" | "failures">} step */
const failing = ({ number: n, failures }) => t("ladder.failing", { n: number(n), times: number(failures) });

/** @param {Ladder} ladder */
const restLine = ({ steps }) =>
  steps.some(({ state }) => state === "expired") ? html`<p class="problem" role="alert">${t("ladder.some_expired")}</p>` : html`<p class="muted">${t("ladder.nothing_planned")}</p>`;

/**
 * @param {LadderStep} step
 * @param {import("../../types/messages.js").Incident} incident
 * @param {{ steers: boolean, nowMs: number, busy: boolean }} how
 */
function stepRow(step, { id }, { steers, nowMs, busy }) {
  return html`
    <li data-state=${step.state}>
      ${icon(SYMBOLS[step.rung.kind])}
      <span>
        <strong>${nameOf(step.rung)}</strong>
        <small>${stateWords(step, nowMs)}</small>
        ${step.circles.map((circle) => html`<small>${t(`ladder.help_${circle.state}`, { name: nameOf(circle), called: number(circle.called), coming: number(circle.coming) })}</small>`)}
      </span>
      ${steers && canBeTaken(step) ? stepButtons(id, step, busy) : nothing}
    </li>
  `;
}

/**
 * @param {string} incidentId
 * @param {LadderStep} step
 * @param {boolean} busy
 */
const stepButtons = (incidentId, step, busy) => html`
  <span class="step-buttons">
    <button class="button" ?disabled=${busy} aria-label=${t("ladder.take_named", { name: nameOf(step.rung) })} @click=${() => takeStep(incidentId, step.number)}>${t("ladder.take")}</button>
    ${step.state === "planned"
      ? html`<button class="square" ?disabled=${busy} aria-label=${t("ladder.stop_named", { name: nameOf(step.rung) })} @click=${() => stopStep(incidentId, step.number)}>${icon("close")}</button>`
      : nothing}
  </span>
`;

/**
 * @param {LadderStep} step
 * @param {number} nowMs
 */
function stateWords({ state, reason, called, rung, at, by_name, ...step }, nowMs) {
  const time = at ? timeOfDay(at) : "";
  const name = by_name ?? "";
  switch (state) {
    case "planned":
      if (step.failures > 0) return failing(step);
      return t("ladder.planned", { time: stopwatch(Math.max(0, Math.ceil(secondsUntil(/** @type {LadderStep} */ (/** @type {unknown} */ (step)), nowMs)))), when: t(`ladder.when_${rung.condition}`) });
    case "taken": {
      const done = t(`ladder.taken_${rung.kind}`, { time, n: number(called) });
      return reason === "by_hand" ? t("ladder.by_hand", { what: done, name }) : done;
    }
    case "skipped":
      return t(`ladder.skipped_${reason}`, { time });
    case "stopped":
      return reason === "ended" ? t("ladder.stopped_ended", { time }) : t("ladder.stopped_by", { time, name });
    default:
      return t("ladder.expired", { time });
  }
}
