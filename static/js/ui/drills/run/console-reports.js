// What is met so far, and what people report: objectives with their clocks, the roll call, lanes, units that are out.

import { steerDrill } from "../../../actions/drills/steer-run.js";
import { stopwatch } from "../../../lib/format.js";
import { nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { closedBy } from "../../../state/drills/ongoing.js";
import { counted, standingOfObjective } from "../../../state/drills/run.js";
import { incidentById } from "../../../state/selectors.js";
import { icon } from "../../components/icon.js";
import { rollCallEntry } from "../../incident/roll-call-entry.js";
import { judgeOf } from "./judge-objective.js";
import { ofObjective } from "./note-finding.js";

/** @typedef {import("../../../types/page.js").DrillConsole} Console */

/** More at once are typed nowhere: each tap counts a person or a family. */
const STEPS = /** @type {const} */ ([-1, 1, 5]);

/** @param {Console} it */
export function objectiveRows(it) {
  const { run, shown, clock } = it;
  const { objectives } = shown.drill.plan;
  if (objectives.length === 0) return nothing;
  return html`
    <h3>${t("console.objectives")}</h3>
    <ul class="objectives">
      ${objectives.map((objective) => {
        const outcome = shown.outcomes.find(({ key }) => key === objective.key);
        const standing = standingOfObjective(objective, outcome, run, clock);
        const { state, tookS, withinS } = standing;
        return html`
          <li data-state=${state}>
            <span>${objective.text}</span>
            <span class="objective-clock"><time>${tookS === null ? "–:––" : stopwatch(tookS)}</time><small>${t("console.target", { time: stopwatch(withinS) })}</small></span>
            <strong>${t(`console.objective_${state}`)}${state === "not_measured" && outcome?.unmeasured ? t("console.because", { why: t(`console.unmeasured_${outcome.unmeasured}`) }) : nothing}</strong>
            ${judgeOf(it, objective)}
            ${ofObjective(it, objective, standing)}
          </li>
        `;
      })}
    </ul>
  `;
}

/** @param {Console} it */
export function reportsOf(it) {
  const { run } = it;
  return html`${rollCall(it)} ${run.closures.length > 0 ? lanes(it) : nothing} ${run.units_out.length > 0 ? unitsOut(it) : nothing}`;
}

/** @param {Console} it */
function rollCall({ run, view, model }) {
  const exercise = run.incident_id ? incidentById(model.live, run.incident_id) : null;
  const people = counted(run, exercise?.roll_call);
  const busy = Boolean(view.sending) || run.state === "ended";
  return html`
    <h3>${t("console.roll_call")}</h3>
    <div class="roll">
      <p><strong role="status">${people}</strong><small>${t("console.people")}</small></p>
      ${exercise?.roll_call ? nothing : STEPS.map((n) => html`<button class="button" aria-label=${t(n > 0 ? "console.count_more" : "console.count_less", { n: Math.abs(n) })} ?disabled=${busy || people + n < 0} @click=${() => void steerDrill("roll-call", { people: n })}>${n > 0 ? `+${n}` : `−${-n}`}</button>`)}
    </div>
    ${exercise ? rollCallEntry(exercise, { offered: run.state !== "ended" }) : nothing}
  `;
}

/** @param {Console} it */
function lanes({ run, view, shown }) {
  return html`
    <h3>${t("console.lanes")}</h3>
    <ul class="plain lanes">
      ${run.closures.map((closure) => {
        const inject = closedBy(run, closure.id);
        // What only some partners are told is not its name.
        const name = closure.name || shown.drill.plan.injects.find(({ number }) => number === inject)?.text;
        return html`
          <li>
            ${icon("barrier")}<span>${name}</span>
            ${inject === null ? nothing : html`<button class="button" ?disabled=${Boolean(view.sending)} @click=${() => void steerDrill(`injects/${inject}/clear`)}>${t("console.clear")}</button>`}
          </li>
        `;
      })}
    </ul>
  `;
}

/** @param {Console} it */
function unitsOut({ run, model }) {
  const units = (model.live.snapshot?.units ?? []).filter(({ id }) => run.units_out.includes(id));
  return html`<h3>${t("console.units_out")}</h3><ul class="plain lanes">${units.map((unit) => html`<li>${icon("people")}<span>${nameOf(unit)}</span></li>`)}</ul>`;
}
