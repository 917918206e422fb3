// One facility on a round: what was found, with a note and a picture when something is wrong.

import { sendInspection } from "../../actions/registers/inspect.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import { inspectionWords } from "../map/facility.js";

class InspectionForm extends Element {
  #id = crypto.randomUUID();

  static properties = {
    facility: { attribute: false },
    roundId: { attribute: false },
    language: {},
    done: { state: true },
    asks: { state: true },
    note: { state: true },
    photo: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Facility | null} */
    this.facility = null;
    this.roundId = "";
    this.language = "";
    /** @type {"ok" | "faulty" | null} */
    this.done = null;
    /** Whether it asks what is wrong. */
    this.asks = false;
    this.note = "";
    /** @type {File | null} */
    this.photo = null;
    this.busy = false;
    /** @type {string | null} */
    this.problem = null;
  }

  render() {
    const { facility } = this;
    if (!facility) return nothing;
    const name = nameOf(facility) || t(`facility_kind.${facility.kind}`);
    return html`
      <section class="inspection" data-done=${this.done ?? nothing} aria-label=${name}>
        <h3>${icon(facility.kind)}<span>${name}</span></h3>
        <p class="muted">${[t(`facility_kind.${facility.kind}`), facility.where_to_find].filter(Boolean).join(" · ")}</p>
        ${this.done ? html`<p role="status">${icon(this.done === "ok" ? "check" : "warning")} ${t(`inspection.done_${this.done}`)}</p>` : this.#form(facility)}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      </section>
    `;
  }

  /** @param {import("../../types/page.js").Facility} facility */
  #form(facility) {
    return html`
      <p class="muted">${inspectionWords(facility)}</p>
      <div class="inspection-buttons">
        <button class="button big primary" type="button" ?disabled=${this.busy} @click=${() => this.#send("ok")}>${icon("check")}<span>${t("inspection.ok")}</span></button>
        <button class="button big" type="button" aria-expanded=${this.asks} ?disabled=${this.busy} @click=${() => (this.asks = !this.asks)}>${icon("warning")}<span>${t("inspection.faulty")}</span></button>
      </div>
      ${this.asks ? this.#fault() : nothing}
    `;
  }

  #fault() {
    return html`
      <form @submit=${this.#sendFault}>
        <label class="field"
          ><span>${t("inspection.what")}</span
          ><textarea name="note" rows="2" maxlength="500" required .value=${this.note} @input=${(/** @type {Event} */ { target }) => (this.note = /** @type {HTMLTextAreaElement} */ (target).value)}></textarea></label
        >
        <label class="button">${icon("plus")}<span>${this.photo ? t("inspection.photo_taken") : t("inspection.photo")}</span><input class="unseen" type="file" accept="image/*" capture="environment" @change=${this.#take} /></label>
        <button class="button big primary" ?disabled=${this.busy}>${icon("warning")}<span>${t("inspection.send_fault")}</span></button>
      </form>
    `;
  }

  /** @param {Event} event */
  #take({ target }) {
    this.photo = /** @type {HTMLInputElement} */ (target).files?.[0] ?? null;
  }

  /** @param {Event} event */
  #sendFault(event) {
    event.preventDefault();
    void this.#send("faulty");
  }

  /** @param {"ok" | "faulty"} result */
  async #send(result) {
    const { facility, roundId, busy } = this;
    if (!facility || busy) return;
    const faulty = result === "faulty";
    Object.assign(this, { busy: true, problem: null });
    try {
      await sendInspection(facility.id, { id: this.#id, roundId, result, note: faulty ? this.note.trim() : "", photo: faulty ? this.photo : null });
      Object.assign(this, { busy: false, done: result, asks: false });
    } catch (error) {
      // What was sent may have arrived: said otherwise, it is another inspection.
      if (codeOf(error) === "idempotency_conflict") this.#id = crypto.randomUUID();
      Object.assign(this, { busy: false, problem: errorWords(codeOf(error)) });
    }
  }
}

customElements.define("er-inspection-form", InspectionForm);
