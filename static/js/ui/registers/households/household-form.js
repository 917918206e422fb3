// Writing a household down: door and count, and with consent what helps to get its people out.

import { changeHousehold, createHousehold, householdNumbers, refusedField } from "../../../actions/registers/households.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { hasWords, language, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { toast } from "../../../state/model.js";
import { Element } from "../../components/element.js";
import { choiceField, numberField, problemBelow, textField } from "../../components/fields.js";

/**
 * @typedef {import("../../../types/households.js").Household} Household
 * @typedef {import("../../../types/households.js").HouseholdData} HouseholdData
 * @typedef {import("../../../types/households.js").HelpKind} HelpKind
 */

/** HelpKind of responder/domain/registers/household.py. @type {readonly HelpKind[]} */
const HELP_KINDS = ["carrying", "wheelchair", "hearing", "sight", "power", "guidance", "small_child"];
/** @type {readonly import("../../../types/households.js").SpokenLanguage[]} */
const SPOKEN = ["cmn", "hsn", "yue", "eng", "csl", "mis"];

/** @type {HouseholdData} */
const BLANK = { door: "", floor: null, people: 1, consent_given_on: null, language: null, contact_name: "", contact_phone: "", help_kinds: [], help_people: 0, help_note: "", is_tenant: false, landlord_name: "", landlord_phone: "", tenancy_until: null };
/** @type {Partial<HouseholdData>} what goes when there is no consent */
const WITHOUT_CONSENT = { consent_given_on: null, language: null, contact_name: "", contact_phone: "", help_kinds: [], help_people: 0, help_note: "", is_tenant: false, landlord_name: "", landlord_phone: "", tenancy_until: null };

class HouseholdForm extends Element {
  static properties = { buildingId: {}, household: { attribute: false }, language: {}, close: { attribute: false }, data: { state: true }, consents: { state: true }, purpose: { state: true }, refused: { state: true }, problem: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.buildingId = "";
    /** @type {Household | null} */
    this.household = null;
    this.language = "";
    /** @type {(changed: boolean) => void} */
    this.close = () => {};
    this.data = BLANK;
    this.consents = false;
    this.purpose = "";
    /** @type {string | null} field */
    this.refused = null;
    /** @type {string | null} */
    this.problem = null;
    this.busy = false;
    this.key = crypto.randomUUID();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("household") || !this.household) return;
    const given = /** @type {any} */ (this.household);
    this.data = /** @type {HouseholdData} */ (Object.fromEntries(Object.keys(BLANK).map((name) => [name, given[name] ?? /** @type {any} */ (BLANK)[name]])));
    this.consents = this.household.consent !== null && this.household.consent.withdrawn_on === null;
    this.data = { ...this.data, consent_given_on: this.consents ? (this.household.consent?.given_on ?? null) : null };
  }

  firstUpdated() {
    void this.#readPurpose();
  }

  render() {
    const { data } = this;
    const why = (/** @type {string} */ field) => (this.refused === field ? t(hasWords(`household_refused.${field}`) ? `household_refused.${field}` : "household_refused.other") : null);
    return html`<form class="form household-form" @submit=${this.#save}>
      ${textField(t("household.door"), data.door, (door) => this.#put({ door }), { longest: 40, required: true, why: why("door"), hint: t("household.door_hint") })}
      <div class="pair">
        ${numberField(t("household.floor_field"), data.floor, (floor) => this.#put({ floor }), { least: -10, most: 300, required: false, why: why("floor") })}
        ${numberField(t("household.people_field"), data.people, (people) => this.#put({ people: people ?? 0 }), { least: 0, most: 200, why: why("people") })}
      </div>
      <p class="muted" data-part="purpose">${this.purpose}</p>
      <label class="choice"><input type="checkbox" .checked=${this.consents} @change=${this.#consented} /><span>${t("household.consents")}</span></label>
      ${this.consents ? this.#details(why) : html`<p class="muted">${t("household.without_consent")}</p>`}
      ${this.problem ? html`<p class="problem" role="alert">${errorWords(this.problem)}</p>` : nothing}
      <div class="household-actions">
        <button class="button primary" ?disabled=${this.busy}>${t("household.save")}</button>
        <button class="button" type="button" @click=${() => this.close(false)}>${t("household.cancel")}</button>
      </div>
    </form>`;
  }

  /** @param {(field: string) => string | null} why */
  #details(why) {
    const { data } = this;
    return html`
      ${dayField(t("household.consent_day"), data.consent_given_on, (consent_given_on) => this.#put({ consent_given_on }), { why: why("consent_given_on"), required: true })}
      ${textField(t("household.contact"), data.contact_name, (contact_name) => this.#put({ contact_name }), { longest: 60, why: why("contact_name") })}
      ${textField(t("household.phone"), data.contact_phone, (contact_phone) => this.#put({ contact_phone }), { longest: 32, why: why("contact_phone") })}
      ${choiceField(t("household.language"), data.language ?? "", [["", t("household.language_unknown")], ...SPOKEN.map((each) => /** @type {[string, string]} */ ([each, t(`spoken.${each}`)]))], (spoken) => this.#put({ language: /** @type {any} */ (spoken || null) }))}
      <fieldset class="help-kinds">
        <legend>${t("household.help")}</legend>
        ${HELP_KINDS.map(
          (kind) => html`<label class="choice"><input type="checkbox" .checked=${data.help_kinds.includes(kind)} @change=${() => this.#turn(kind)} /><span>${t(`help_kind.${kind}`)}</span></label>`,
        )}
        <p class="muted">${t("household.no_diagnosis")}</p>
      </fieldset>
      ${numberField(t("household.help_people"), data.help_people, (help_people) => this.#put({ help_people: help_people ?? 0 }), { least: 0, most: 200, why: why("help_people") })}
      ${textField(t("household.note"), data.help_note, (help_note) => this.#put({ help_note }), { longest: 60, why: why("help_note"), hint: t("household.note_hint") })}
      <label class="choice"><input type="checkbox" .checked=${data.is_tenant} @change=${() => this.#put({ is_tenant: !data.is_tenant })} /><span>${t("household.tenant")}</span></label>
      ${data.is_tenant
        ? html`${textField(t("household.landlord"), data.landlord_name, (landlord_name) => this.#put({ landlord_name }), { longest: 60, why: why("landlord_name") })}
            ${textField(t("household.landlord_phone"), data.landlord_phone, (landlord_phone) => this.#put({ landlord_phone }), { longest: 32, why: why("landlord_phone") })}
            ${dayField(t("household.tenancy_until"), data.tenancy_until, (tenancy_until) => this.#put({ tenancy_until }), { why: why("tenancy_until") })}`
        : nothing}
    `;
  }

  /** @param {Partial<HouseholdData>} change */
  #put(change) {
    this.data = { ...this.data, ...change };
  }

  /** @param {HelpKind} kind */
  #turn(kind) {
    const { help_kinds, help_people } = this.data;
    const next = HELP_KINDS.filter((each) => (each === kind) !== help_kinds.includes(each));
    this.#put({ help_kinds: next, help_people: next.length === 0 ? 0 : Math.max(1, help_people) });
  }

  /** @param {Event} event */
  #consented(event) {
    this.consents = /** @type {HTMLInputElement} */ (event.target).checked;
    this.#put(this.consents ? { consent_given_on: localDay() } : WITHOUT_CONSENT);
  }

  async #readPurpose() {
    try {
      const { purpose } = await householdNumbers();
      this.purpose = language() === "en" ? purpose.en : purpose.zh;
    } catch {
      // It can be saved without; the sentence is what is read out.
      this.purpose = "";
    }
  }

  /** @param {SubmitEvent} event */
  async #save(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    this.refused = this.problem = null;
    try {
      if (this.household) await changeHousehold(this.household, this.data);
      else await createHousehold(this.buildingId, this.data, this.key);
      toast(t("household.saved"));
      this.close(true);
    } catch (error) {
      this.refused = refusedField(error);
      this.problem = this.refused ? null : codeOf(error);
      // Corrected and sent again, it is another request.
      this.key = crypto.randomUUID();
    } finally {
      this.busy = false;
    }
  }
}

/**
 * @param {string} words
 * @param {string | null} value
 * @param {(value: string | null) => void} put
 * @param {{ why: string | null, required?: boolean }} how
 */
const dayField = (words, value, put, { why, required = false }) => html`<label class="field" ?data-wrong=${why}
  ><span>${words}</span
  ><input type="date" ?required=${required} .value=${value ?? ""} @change=${(/** @type {Event} */ event) => put(/** @type {HTMLInputElement} */ (event.target).value || null)} />${problemBelow(why)}</label
>`;

/** Today, where the device is. */
function localDay() {
  const today = new Date();
  return [today.getFullYear(), String(today.getMonth() + 1).padStart(2, "0"), String(today.getDate()).padStart(2, "0")].join("-");
}

customElements.define("er-household-form", HouseholdForm);
