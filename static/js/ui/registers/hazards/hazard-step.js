// One step in the life of a hazard: what is said with it, and the button.

import { askForLifeAgain, takeStep } from "../../../actions/registers/hazards.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { partnersOf } from "../../../state/drills/drill-words.js";
import { toast } from "../../../state/model.js";
import { Element } from "../../components/element.js";
import { choiceField, textField } from "../../components/fields.js";
import { icon } from "../../components/icon.js";

const NOTE_LENGTH = 500;

class HazardStep extends Element {
  #key = crypto.randomUUID();

  static properties = {
    model: { attribute: false },
    hazard: { attribute: false },
    life: { attribute: false },
    kind: { attribute: false },
    isMain: { attribute: false },
    typed: { state: true },
    photo: { state: true },
    sending: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../../../types/page.js").Model | null} */
    this.model = null;
    /** @type {import("../../../types/messages.js").Hazard | null} */
    this.hazard = null;
    /** @type {import("../../../types/hazards.js").HazardLife | null} */
    this.life = null;
    /** @type {import("../../../types/hazards.js").HazardStepKind} */
    this.kind = "assign";
    this.isMain = false;
    /** @type {{ note?: string, owner_id?: string, due_on?: string }} */
    this.typed = {};
    /** @type {File | null} */
    this.photo = null;
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    // What was typed for one step is not said with the next.
    if (changed.has("kind")) this.#begin();
  }

  render() {
    const { model, hazard, life, kind, typed, photo, sending } = this;
    if (!model || !hazard || !life) return nothing;
    const note = textField(t(`hazard_step.note_${kind === "reopen" ? "reopen" : "any"}`), typed.note ?? "", (its) => (this.typed = { ...typed, note: its }), { longest: NOTE_LENGTH, rows: 2, required: kind === "reopen" });
    return html`
      <form class="hazard-step" data-kind=${kind} @submit=${this.#take}>
        <fieldset class="plan" ?disabled=${sending}>
          ${kind === "assign" ? this.#assignment(model, hazard, life) : nothing}
          ${kind === "mend"
            ? html`<label class="button photo" ?data-has=${photo}
                >${icon(photo ? "check" : "plus")}<span>${photo ? t("hazard_step.photo_taken") : t("hazard_step.photo")}</span
                ><input class="unseen" type="file" accept="image/*" capture="environment" @change=${this.#taken}
              /></label>`
            : nothing}
          ${this.isMain && kind !== "assign" ? html`<details class="fold"><summary><span>${t("hazard_step.add_note")}</span></summary>${note}</details>` : note}
          ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
          <button class="button primary big" ?disabled=${kind === "mend" && !photo}>${t(`hazard_step.${kind}`)}</button>
        </fieldset>
      </form>
    `;
  }

  /**
   * @param {import("../../../types/page.js").Model} model
   * @param {import("../../../types/messages.js").Hazard} hazard
   * @param {import("../../../types/hazards.js").HazardLife} life
   */
  #assignment(model, hazard, life) {
    const { typed } = this;
    const nobody = /** @type {[string, string][]} */ ([["", t("hazard_step.choose_owner")]]);
    return html`<div class="two">
      ${choiceField(t("hazard_step.owner"), typed.owner_id ?? hazard.owner_id ?? "", [...nobody, ...partnersOf(model)], (owner_id) => (this.typed = { ...typed, owner_id }))}
      <label class="field"
        ><span>${t("hazard_step.due_on")}</span
        ><input type="date" required .value=${typed.due_on ?? life.usual_due_on} @change=${(/** @type {Event} */ event) => (this.typed = { ...this.typed, due_on: /** @type {HTMLInputElement} */ (event.target).value })}
      /></label>
    </div>`;
  }

  #begin() {
    [this.typed, this.photo, this.problem] = [{}, null, null];
    this.#key = crypto.randomUUID();
  }

  /** @param {Event} event */
  #taken(event) {
    this.photo = /** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null;
  }

  /** @param {Event} event */
  async #take(event) {
    event.preventDefault();
    const { hazard, life, kind, typed, photo } = this;
    if (this.sending || !hazard || !life) return;
    const owner_id = typed.owner_id ?? hazard.owner_id;
    if (kind === "assign" && !owner_id) return void (this.problem = t("hazard_step.choose_owner"));
    [this.sending, this.problem] = [true, null];
    try {
      await takeStep(hazard.id, this.#key, {
        kind,
        note: typed.note ?? "",
        ...(kind === "assign" && owner_id ? { owner_id, due_on: typed.due_on ?? life.usual_due_on } : {}),
        ...(photo ? { photo } : {}),
      });
      toast(t(`hazard_done.${kind}`));
      this.#begin();
    } catch (error) {
      this.problem = errorWords(codeOf(error));
      if (codeOf(error) === "hazard_step_refused") askForLifeAgain();
    } finally {
      this.sending = false;
    }
  }
}

customElements.define("er-hazard-step", HazardStep);
