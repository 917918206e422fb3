// What participants say of a drill: the code that they scan, and what came of it.

import { feedbackCode, loadFeedback, removeText, setFeedbackOpen } from "../../../actions/drills/feedback.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { dayAndTime } from "../../../lib/format.js";
import { language, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { Element } from "../../components/element.js";
import "../../components/confirm-button.js";
import { icon } from "../../components/icon.js";

/** @typedef {import("../../../types/drills.js").ShownFeedback} ShownFeedback */

/** @param {import("../../../types/page.js").DrillConsole} it */
export const feedbackOf = ({ model, run }) => html`<er-drill-feedback .circleId=${model.circleId} .drillId=${run.drill_id} .plans=${may(model.live.viewer, "plan_drill")} .language=${model.language}></er-drill-feedback>`;

class DrillFeedback extends Element {
  static properties = { circleId: {}, drillId: {}, plans: { type: Boolean }, language: {}, shown: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.circleId = "";
    this.drillId = "";
    /** Whether the viewer may open and close it. */
    this.plans = false;
    this.language = "";
    /** @type {ShownFeedback | null} */
    this.shown = null;
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("drillId")) {
      this.shown = null;
      void this.#ask(() => loadFeedback(this.circleId, this.drillId));
    }
  }

  render() {
    const { shown, problem } = this;
    return html`
      <section data-part="feedback" aria-label=${t("console.feedback")}>
        <h3>${t("console.feedback")}</h3>
        ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
        ${shown ? html`${shown.link ? this.#code(shown.link) : this.#opener()} ${this.#said(shown)}` : nothing}
      </section>
    `;
  }

  /** @param {NonNullable<ShownFeedback["link"]>} link */
  #code({ path, ends_at }) {
    const code = `${feedbackCode(this.circleId, this.drillId)}?of=${path.slice(-6)}`;
    return html`
      <div class="feedback-code">
        <a href=${code} target="_blank" rel="noopener" aria-label=${t("console.feedback_enlarge")}><img src=${code} alt=${t("console.feedback_code")} width="160" height="160" /></a>
        <div>
          <p>${t("console.feedback_how")}</p>
          <p class="muted"><a href="/${path}" target="_blank" rel="noopener">${t("console.feedback_page")}</a> ${t("console.feedback_until", { until: dayAndTime(ends_at) })}</p>
          ${this.plans ? html`<button class="button" ?disabled=${this.sending} @click=${() => this.#set(false)}>${t("console.feedback_close")}</button>` : nothing}
        </div>
      </div>
    `;
  }

  #opener() {
    if (!this.plans) return nothing;
    return html`<p class="muted">${t("console.feedback_how")}</p><button class="button" ?disabled=${this.sending} @click=${() => this.#set(true)}>${icon("people")}<span>${t("console.feedback_open")}</span></button>`;
  }

  /** @param {ShownFeedback} shown */
  #said({ link, summary: { answers, questions, texts } }) {
    if (!link && answers === 0) return nothing;
    const words = (/** @type {{ text: string, text_en: string }} */ each) => (language() === "en" ? each.text_en : each.text);
    return html`
      <p class="feedback-count"><strong role="status">${t("console.feedback_answers", { n: answers })}</strong><button class="button" ?disabled=${this.sending} @click=${() => this.#ask(() => loadFeedback(this.circleId, this.drillId))}>${t("console.feedback_refresh")}</button></p>
      ${answers === 0
        ? nothing
        : html`<ul class="plain">${questions.map((each) => html`<li>${words(each)} <strong>${each.mean === null ? "–" : t("console.feedback_mean", { mean: each.mean.toFixed(1), n: each.n })}</strong></li>`)}</ul>
            <ul class="feedback-texts">${texts.map((each) => html`<li><span>${each.text}</span>${this.#remover(each.id)}</li>`)}</ul>`}
    `;
  }

  /** @param {string} id */
  #remover(id) {
    if (!this.plans) return nothing;
    const act = () => void this.#ask(() => removeText(this.circleId, this.drillId, id));
    return html`<er-confirm-button .words=${t("console.feedback_remove")} .disabled=${this.sending} .act=${act}></er-confirm-button>`;
  }

  /** @param {boolean} open */
  #set(open) {
    void this.#ask(() => setFeedbackOpen(this.circleId, this.drillId, open));
  }

  /** @param {() => Promise<ShownFeedback>} ask */
  async #ask(ask) {
    const of = this.drillId;
    if (!of) return;
    [this.sending, this.problem] = [true, null];
    try {
      const shown = await ask();
      if (this.drillId === of) this.shown = shown;
    } catch (error) {
      if (this.drillId === of) this.problem = errorWords(codeOf(error));
    } finally {
      this.sending = false;
    }
  }
}

customElements.define("er-drill-feedback", DrillFeedback);
