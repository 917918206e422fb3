// Judge an objective that only people can judge: met or not, when, and why.

import { judgeObjective } from "../../../actions/drills/judge.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { stopwatch } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { momentMs } from "../../../state/drills/ongoing.js";
import { parseClock } from "../../../state/drills/plan.js";
import { Element } from "../../components/element.js";

/**
 * @typedef {import("../../../types/drills.js").Objective} Objective
 * @typedef {import("../../../types/drills.js").Observation} Observation
 */

/**
 * @param {import("../../../types/page.js").DrillConsole} it
 * @param {Objective} objective
 */
export function judgeOf({ model, run, shown, clock }, objective) {
  const { viewer } = model.live;
  if (objective.measure !== "observed" || !may(viewer, "observe_drill")) return nothing;
  const own = shown.observations.filter(({ by, objective: about, verdict }) => by === viewer?.account_id && about === objective.key && verdict !== "note").at(-1);
  return html`<er-judge-objective .run=${run} .objective=${objective} .own=${own ?? null} .clock=${clock}></er-judge-objective>`;
}

class JudgeObjective extends Element {
  static properties = { run: { attribute: false }, objective: { attribute: false }, own: { attribute: false }, clock: { attribute: false }, at: { state: true }, text: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {import("../../../types/messages.js").DrillRun | null} */
    this.run = null;
    /** @type {Objective | null} */
    this.objective = null;
    /** What the viewer said of it before. @type {Observation | null} */
    this.own = null;
    this.clock = 0;
    /** Seconds of the drill's clock; null until it is chosen. @type {number | null} */
    this.at = null;
    /** @type {string | null} */
    this.text = null;
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
  }

  /** Only what is shown is drawn again: the clock goes on each second. @param {Map<string, unknown>} changed */
  shouldUpdate(changed) {
    return changed.size > 1 || !changed.has("clock");
  }

  render() {
    const { own } = this;
    return html`
      <details class="fold judge">
        <summary><span>${t(own ? "console.judge_again" : "console.judge")}</span></summary>
        <fieldset class="plan" ?disabled=${this.sending}>
          ${own ? nothing : html`<label class="field clock"><span>${t("console.judged_at")}</span><input maxlength="9" autocomplete="off" placeholder="0:00" .value=${stopwatch(this.at ?? this.clock)} @change=${(/** @type {Event} */ { target }) => this.#time(/** @type {HTMLInputElement} */ (target))} /></label>`}
          <label class="field"><span>${t("console.judge_note")}</span><textarea rows="2" maxlength="500" .value=${this.text ?? own?.text ?? ""} @input=${(/** @type {Event} */ { target }) => (this.text = /** @type {HTMLTextAreaElement} */ (target).value)}></textarea></label>
          ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
          <div class="choices">
            <button class="button" type="button" data-verdict="good" @click=${() => this.#judge("good")}>${t("console.judge_met")}</button>
            <button class="button" type="button" data-verdict="improve" @click=${() => this.#judge("improve")}>${t("console.judge_missed")}</button>
          </div>
        </fieldset>
      </details>
    `;
  }

  /** What is no time goes back to what it was. @param {HTMLInputElement} field */
  #time(field) {
    this.at = parseClock(field.value) ?? this.at;
    field.value = stopwatch(this.at ?? this.clock);
  }

  /** @param {"good" | "improve"} verdict */
  async #judge(verdict) {
    const { run, objective, own, sending } = this;
    if (!run || !objective || sending) return;
    [this.sending, this.problem] = [true, null];
    const at = own ? own.at : new Date(momentMs(run, this.at ?? this.clock)).toISOString();
    try {
      await judgeObjective(run.drill_id, { id: own?.id ?? crypto.randomUUID(), at, verdict, text: this.text ?? own?.text ?? "", objective: objective.key });
      [this.text, this.at] = [null, null];
      this.querySelector("details")?.removeAttribute("open");
    } catch (error) {
      this.problem = errorWords(codeOf(error));
    } finally {
      this.sending = false;
    }
  }
}

customElements.define("er-judge-objective", JudgeObjective);
