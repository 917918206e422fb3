// A plan rehearsed without people: what becomes of its objectives, where it breaks, and how its units move.

import { rehearsalAddress, rehearse } from "../../../actions/drills/rehearse.js";
import { showDrill } from "../../../actions/map/navigation.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { number, stopwatch } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { current } from "../../../map/current.js";
import { planShown } from "../../../state/drills/plan.js";
import { happenedBy, linesOf, measuredFrom, pointsOf, unitsAt } from "../../../state/drills/rehearsal.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";
import { viewHeader } from "../../components/view-header.js";
import { breakList } from "./break-list.js";
import { chanceWords, lineWords, objectiveText, outcomeWords, unitName } from "./rehearsal-words.js";
import { showRehearsed } from "./units-on-map.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/drills.js").DrillPlan} DrillPlan
 * @typedef {import("../../../types/rehearsal.js").Rehearsal} Rehearsal
 */

const SPEEDS = [1, 4, 16, 60];
const MANY = 200;
const LARGEST_SEED = 2 ** 53 - 1 - MANY;
/** So often a playing rehearsal is drawn. */
const DRAWN_EVERY_MS = 80;

/**
 * @param {Model} model
 * @param {Extract<import("../../../types/page.js").View, { name: "rehearsal" }>} view
 * @returns {import("../../../types/page.js").PanelView}
 */
export function rehearsalView(model, { id, fromS }) {
  const { saved } = planShown(model, id);
  const below = saved ? html`${saved.plan.name}` : nothing;
  const body = html`
    ${viewHeader(t(fromS === undefined ? "rehearse.title" : "rehearse.title_from"), { symbol: "drill", below, back: () => showDrill(id) })}
    ${saved ? html`<er-rehearsal .model=${model} .drillId=${id} .plan=${saved.plan} .fromS=${fromS} .language=${model.language}></er-rehearsal>` : html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>`}
  `;
  return { body, exercise: true };
}

class RehearsalElement extends Element {
  static properties = { model: { attribute: false }, drillId: {}, plan: { attribute: false }, fromS: { attribute: false }, language: {}, value: { state: true }, problem: { state: true }, busy: { state: true }, atMs: { state: true }, speed: { state: true }, playing: { state: true } };

  constructor() {
    super();
    this.model = /** @type {Model} */ (/** @type {unknown} */ (null));
    this.drillId = "";
    this.plan = /** @type {DrillPlan} */ (/** @type {unknown} */ (null));
    /** @type {number | undefined} */
    this.fromS = undefined;
    this.language = "";
    this.seed = 1;
    /** @type {Rehearsal | null} */
    this.value = null;
    /** @type {import("../../../state/drills/rehearsal.js").Line[]} */
    this.lines = [];
    /** @type {string | null} */
    this.problem = null;
    /** How many runs are on their way; 0: none. */
    this.busy = 0;
    this.atMs = 0;
    this.speed = 16;
    this.playing = false;
    this.drawnMs = 0;
  }

  firstUpdated() {
    void this.#rehearse(1);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.playing = false;
    showRehearsed([], String);
  }

  updated() {
    if (this.isConnected && this.value) showRehearsed(unitsAt(this.value, this.atMs), (id) => unitName(this.model, id));
  }

  get endMs() {
    return Math.max(1000, this.plan.duration_s * 1000, this.value?.happenings.at(-1)?.at_ms ?? 0);
  }

  render() {
    return html`
      <p class="muted">${this.fromS === undefined ? t("rehearse.means") : this.#whence(this.fromS)}</p>
      <div class="seed-row">
        <label class="field short"><span>${t("rehearse.seed")}</span><input type="number" inputmode="numeric" min="0" max=${LARGEST_SEED} step="1" required .value=${String(this.seed)} @change=${this.#setSeed} /></label>
        <button class="button" type="button" ?disabled=${this.busy > 0} @click=${() => this.#rehearse(1)}>${t("rehearse.once")}</button>
        <button class="button primary" type="button" ?disabled=${this.busy > 0} @click=${() => this.#rehearse(MANY)}>${t("rehearse.many", { n: number(MANY) })}</button>
      </div>
      ${this.busy ? html`<p role="status">${t(this.busy > 1 ? "rehearse.working_many" : "rehearse.working", { n: number(this.busy) })}</p><div class="progress"></div>` : nothing}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem === "busy" ? t("rehearse.busy") : errorWords(this.problem)}</p>` : nothing}
      ${this.value ? this.#result(this.value) : nothing}
    `;
  }

  /** @param {number} fromS */
  #whence(fromS) {
    const words = this.value ? t("rehearse.means_from", { clock: stopwatch(Math.floor(this.value.from_ms / 1000)) }) : t("rehearse.means_from_run");
    return html`${words} <a data-part="whence" href=${rehearsalAddress(this.drillId, fromS)}>${t("rehearse.link")}</a>`;
  }

  /** @param {Rehearsal} value */
  #result(value) {
    return html`
      ${this.#objectives(value)} ${breakList(value, this.plan, this.model)} ${this.#player()} ${this.#story()} ${assumed(value)}
    `;
  }

  /** @param {Rehearsal} value */
  #objectives({ outcomes, chances }) {
    if (outcomes.length === 0) return html`<p class="muted">${t("rehearse.no_objectives")}</p>`;
    return html`
      <section data-part="outcomes">
        <h3>${t("rehearse.objectives")}</h3>
        <ul class="outcomes">
          ${outcomes.map((each) => {
            const chance = chances.find(({ key }) => key === each.key);
            return html`<li data-met=${each.is_simulated ? each.is_met : "unknown"}>
              ${icon(!each.is_simulated ? "people" : each.is_met ? "check" : "warning")}
              <span><strong>${objectiveText(this.plan, each.key)}</strong><small>${outcomeWords(each)}</small>${chance ? html`<small class="chance">${chanceWords(chance)}</small>` : nothing}</span>
            </li>`;
          })}
        </ul>
      </section>
    `;
  }

  #player() {
    const clock = stopwatch(this.atMs / 1000);
    return html`
      <section class="player" data-part="player">
        <h3>${t("rehearse.play_title")}</h3>
        <div class="player-row">
          <button class="button primary" type="button" @click=${this.#turn}>${t(this.playing ? "rehearse.pause" : "rehearse.play")}</button>
          <output class="player-clock" aria-hidden="true">T+${clock}</output>
        </div>
        <input class="player-time" type="range" min="0" max=${Math.ceil(this.endMs / 1000)} step="1" aria-label=${t("rehearse.time")} aria-valuetext="T+${clock}" .value=${String(Math.floor(this.atMs / 1000))} @input=${this.#slide} />
        <fieldset class="segments">
          <legend>${t("rehearse.speed")}</legend>
          ${SPEEDS.map((each) => html`<button type="button" aria-pressed=${each === this.speed} @click=${() => (this.speed = each)}>${number(each)}×</button>`)}
        </fieldset>
      </section>
    `;
  }

  #story() {
    const by = happenedBy(this.lines, this.atMs);
    return html`
      <section data-part="story">
        <h3>${t("rehearse.story")}</h3>
        <ol class="story">
          ${this.lines.map(
            (line, at) => html`<li data-kind=${line.kind} ?data-later=${at >= by} aria-current=${at === by - 1 ? "step" : "false"}>
              <button type="button" @click=${() => this.#seek(line.at_ms)}><time>T+${stopwatch(Math.floor(line.at_ms / 1000))}</time><span>${lineWords(line, this.plan, this.model, this.#isLate(line.of.objective))}</span></button>
            </li>`,
          )}
        </ol>
      </section>
    `;
  }

  /** @param {string | null} key  of an objective */
  #isLate(key) {
    return this.value?.outcomes.some((each) => each.key === key && !each.is_met) ?? false;
  }

  /** @param {Event} event */
  #setSeed(event) {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.checkValidity()) this.seed = Number(field.value);
    else field.reportValidity();
  }

  /** @param {number} runs */
  async #rehearse(runs) {
    if (this.busy) return;
    this.busy = runs;
    this.problem = null;
    this.playing = false;
    try {
      const value = await rehearse(this.drillId, { seed: this.seed, runs, from_s: this.fromS });
      const isFirst = this.value === null;
      this.lines = linesOf(value);
      this.value = value;
      if (isFirst && this.isConnected) current.view?.camera.show(pointsOf(value));
      this.atMs = Math.min(isFirst ? value.from_ms : this.atMs, this.endMs);
    } catch (error) {
      this.problem = codeOf(error);
    } finally {
      this.busy = 0;
    }
  }

  /** @param {number} ms */
  #seek(ms) {
    this.atMs = Math.min(this.endMs, Math.max(0, ms));
  }

  /** @param {Event} event */
  #slide(event) {
    this.#seek(1000 * Number(/** @type {HTMLInputElement} */ (event.target).value));
  }

  #turn() {
    this.playing = !this.playing;
    if (!this.playing) return;
    if (this.atMs >= this.endMs) this.atMs = 0;
    let last = performance.now();
    const step = (/** @type {number} */ frame) => {
      if (!this.playing) return;
      if (frame - last >= DRAWN_EVERY_MS) {
        this.#seek(this.atMs + (frame - last) * this.speed);
        last = frame;
      }
      if (this.atMs >= this.endMs) this.playing = false;
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}

/** @param {Rehearsal} value */
function assumed(value) {
  const n = measuredFrom(value);
  return html`
    <details class="fold" data-part="assumed">
      <summary>${icon("clock")}<span>${t(n === 0 ? "rehearse.assumed" : "rehearse.measured", { n: number(n) })}</span></summary>
      <p>${t("rehearse.assumes_units")}</p>
      <p>${t("rehearse.assumes_chance")}</p>
      <p class="muted">${t("rehearse.same", { seed: String(value.seed) })}</p>
    </details>
  `;
}

customElements.define("er-rehearsal", RehearsalElement);
