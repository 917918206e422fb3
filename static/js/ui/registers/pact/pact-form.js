// The form of a draft: parties, duties and validity. What is typed stays until it is saved.

import { changePact } from "../../../actions/registers/pact.js";
import { problemOf, problemWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { toast } from "../../../state/model.js";
import { partnersOf } from "../../../state/drills/drill-words.js";
import { Element } from "../../components/element.js";
import { choiceField, numberField, textField } from "../../components/fields.js";
import { icon } from "../../components/icon.js";

/**
 * @typedef {import("../../../types/pact.js").Pact} Pact
 * @typedef {import("../../../types/pact.js").PactDuty} PactDuty
 *
 * @typedef {object} Typed
 * @property {string} name
 * @property {string} name_en
 * @property {string} valid_from
 * @property {string} valid_until
 * @property {readonly { partner_id: string, signatory: string }[]} parties
 * @property {readonly PactDuty[]} duties
 */

const KINDS = /** @type {const} */ (["publicity", "drills", "facilities", "rescue"]);
const PERIODS = /** @type {const} */ (["year", "quarter", "month"]);
/** responder/services/registers/pact/content.py. */
const NAME_LENGTH = 100;
const OFFICE_LENGTH = 50;
const TEXT_LENGTH = 500;
const DUTIES_AT_MOST = 40;
const TIMES_AT_MOST = 31;
const EVERYONE = "";

class PactForm extends Element {
  static properties = { model: { attribute: false }, pact: { attribute: false }, done: { attribute: false }, typed: { state: true }, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.model = /** @type {import("../../../types/page.js").Model} */ (/** @type {any} */ (null));
    this.pact = /** @type {Pact} */ (/** @type {any} */ (null));
    /** @type {() => void} */
    this.done = () => undefined;
    /** @type {Typed | null} */
    this.typed = null;
    this.busy = false;
    /** @type {string | null} */
    this.problem = null;
    /** Of the draft as it was when typing began. */
    this.version = 0;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (this.typed) return;
    const { name, name_en, valid_from, valid_until, parties, duties } = this.pact.content;
    this.typed = { name, name_en, valid_from, valid_until, parties: parties.map(({ partner_id, signatory }) => ({ partner_id, signatory })), duties };
    this.version = this.pact.version;
  }

  render() {
    const typed = /** @type {Typed} */ (this.typed);
    return html`
      <form class="pact-form" @submit=${this.#save}>
        ${this.pact.signatures.length > 0 ? html`<p class="note">${t("pact.voids", { n: String(this.pact.signatures.length) })}</p>` : nothing}
        ${textField(t("pact.name"), typed.name, (name) => this.#put({ name }), { longest: NAME_LENGTH, required: true })}
        ${textField(t("pact.name_en"), typed.name_en, (name_en) => this.#put({ name_en }), { longest: NAME_LENGTH })}
        ${this.#day("valid_from", typed)} ${this.#day("valid_until", typed)}
        <fieldset class="whom">
          <legend>${t("pact.parties")}</legend>
          ${partnersOf(this.model).map(([id, name]) => this.#party(id, name, typed))}
        </fieldset>
        <h4>${t("pact.duties")}</h4>
        ${typed.duties.map((duty, at) => this.#duty(duty, at, typed))}
        <button class="button" type="button" ?disabled=${typed.duties.length >= DUTIES_AT_MOST} @click=${this.#addDuty}>${icon("plus")}<span>${t("pact.add_duty")}</span></button>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <button class="button primary" ?disabled=${this.busy}>${icon("check")}<span>${t("pact.save")}</span></button>
        <button class="button" type="button" @click=${this.done}>${t("pact.leave")}</button>
      </form>
    `;
  }

  /** @param {Partial<Typed>} change */
  #put(change) {
    this.typed = { .../** @type {Typed} */ (this.typed), ...change };
  }

  /**
   * @param {"valid_from" | "valid_until"} field
   * @param {Typed} typed
   */
  #day(field, typed) {
    return html`<label class="field"><span>${t(`pact.${field}`)}</span><input type="date" required min="2000-01-01" max="2199-12-31" .value=${typed[field]} @change=${(/** @type {Event} */ event) => this.#put({ [field]: /** @type {HTMLInputElement} */ (event.target).value })} /></label>`;
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {Typed} typed
   */
  #party(id, name, { parties, duties }) {
    const party = parties.find(({ partner_id }) => partner_id === id);
    const turn = () =>
      party
        ? this.#put({ parties: parties.filter((each) => each !== party), duties: duties.map((each) => (each.owner_id === id ? { ...each, owner_id: null } : each)) })
        : this.#put({ parties: [...parties, { partner_id: id, signatory: "" }] });
    const office = (/** @type {string} */ signatory) => this.#put({ parties: parties.map((each) => (each === party ? { ...each, signatory } : each)) });
    return html`
      <label class="choice"><input type="checkbox" .checked=${Boolean(party)} @change=${turn} /><span>${name}</span></label>
      ${party ? textField(t("pact.office"), party.signatory, office, { longest: OFFICE_LENGTH, hint: t("pact.office_hint") }) : nothing}
    `;
  }

  /**
   * @param {PactDuty} duty
   * @param {number} at
   * @param {Typed} typed
   */
  #duty(duty, at, { duties, parties }) {
    const put = (/** @type {Partial<PactDuty>} */ change) => this.#put({ duties: duties.map((each, number) => (number === at ? { ...each, ...change } : each)) });
    const names = partnersOf(this.model);
    const owners = names.filter(([id]) => parties.some(({ partner_id }) => partner_id === id));
    return html`
      <fieldset class="pact-duty">
        <legend>${t("pact.duty_n", { n: String(at + 1) })}</legend>
        ${choiceField(t("pact.kind"), duty.kind, KINDS.map((kind) => /** @type {const} */ ([kind, t(`duty_kind.${kind}`)])), (kind) => put({ kind }))}
        ${textField(t("pact.text"), duty.text, (text) => put({ text }), { longest: TEXT_LENGTH, required: true, rows: 3 })}
        ${textField(t("pact.text_en"), duty.text_en, (text_en) => put({ text_en }), { longest: TEXT_LENGTH, rows: 2 })}
        ${choiceField(t("pact.owner"), duty.owner_id ?? EVERYONE, [[EVERYONE, t("pact.everyone")], ...owners], (id) => put({ owner_id: id || null }))}
        <div class="pact-often">
          ${numberField(t("pact.times"), duty.times, (times) => put({ times: times ?? 0 }), { least: 0, most: TIMES_AT_MOST })}
          ${choiceField(t("pact.per"), duty.per, PERIODS.map((per) => /** @type {const} */ ([per, t(`period.${per}`)])), (per) => put({ per }))}
        </div>
        <button class="button" type="button" @click=${() => this.#put({ duties: duties.filter((_, number) => number !== at) })}>${icon("close")}<span>${t("pact.remove_duty")}</span></button>
      </fieldset>
    `;
  }

  #addDuty() {
    const { duties } = /** @type {Typed} */ (this.typed);
    this.#put({ duties: [...duties, { id: null, kind: "publicity", text: "", text_en: "", owner_id: null, times: 1, per: "quarter" }] });
  }

  /** @param {Event} event */
  async #save(event) {
    event.preventDefault();
    if (this.busy) return;
    [this.busy, this.problem] = [true, null];
    try {
      await changePact(this.model.circleId ?? "", this.pact.id, { .../** @type {Typed} */ (this.typed), expected_version: this.version });
      toast(t("pact.saved"));
      this.done();
    } catch (error) {
      this.problem = problemWords(problemOf(error));
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("er-pact-form", PactForm);
