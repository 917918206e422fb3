// Recording a thing on the map, or changing it: the fields are those of its row in state/layers.js.

import { startPlacing, stopPlacing } from "../../actions/map/navigation.js";
import { readFeature, writeFeature } from "../../actions/map/write-feature.js";
import { ApiError } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { hasWords, nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { LAYERS } from "../../state/layers.js";
import { model, toast } from "../../state/model.js";
import { Element } from "./element.js";
import { icon } from "./icon.js";

/**
 * @typedef {import("../../state/layers.js").Field} Field
 * @typedef {import("../../types/page.js").LonLat} LonLat
 * @typedef {import("../../types/page.js").Model} Model
 */

const WRITTEN = LAYERS.filter(({ form }) => form.length > 0);

/**
 * @param {Model} model
 * @param {import("../../types/page.js").NounName} noun
 * @param {string} id
 */
export const editRow = ({ live, language, placing }, noun, id) =>
  may(live.viewer, "edit_map") ? html`<er-feature-form .noun=${noun} .featureId=${id} .placing=${placing} .language=${language}></er-feature-form>` : nothing;

/**
 * @param {Model} model
 * @param {LonLat} at
 */
export const addRows = ({ live, language }, at) =>
  may(live.viewer, "edit_map") ? WRITTEN.map(({ name }) => html`<er-feature-form .noun=${name} .at=${at} .language=${language}></er-feature-form>`) : nothing;

class FeatureForm extends Element {
  #key;

  static properties = {
    noun: { attribute: false },
    featureId: { attribute: false },
    at: { attribute: false },
    placing: { attribute: false },
    language: {},
    isOpen: { state: true },
    known: { state: true },
    rows: { state: true },
    busy: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../../types/page.js").NounName} */
    this.noun = "hazards";
    /** @type {string | null} */
    this.featureId = null;
    /** @type {LonLat} */
    this.at = [0, 0];
    /** @type {Model["placing"]} where it is put by a tap on the map; null while it stays where it is */
    this.placing = null;
    this.language = "";
    this.isOpen = false;
    /** @type {import("../../actions/map/write-feature.js").Edited | null} */
    this.known = null;
    /** @type {Record<string, Record<string, any>[]>} */
    this.rows = {};
    this.busy = false;
    /** @type {string | null} */
    this.problem = null;
    // Of what this form adds: sent again after a lost answer, it is not added twice.
    this.#key = "";
  }

  render() {
    const words = this.featureId ? t("thing.edit") : t("thing.add_here", { noun: t(`layer.${this.noun}`) });
    return html`
      <details class="fold" .open=${this.isOpen} @toggle=${this.#toggle}>
        <summary>${icon(this.featureId ? "script" : "plus")}<span>${words}</span></summary>
        ${this.isOpen && (this.known || !this.featureId) ? this.#form() : nothing}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      </details>
    `;
  }

  #form() {
    return html`
      <form class="feature-form" @submit=${this.#send}>
        ${this.#fields.map((field) => this.#field(field, this.known?.feature.properties[field.name], field.name))}
        ${this.known?.feature.geometry.type === "Point" ? this.#place() : nothing}
        <button class="button primary" ?disabled=${this.busy}>${icon("check")}<span>${t("thing.save")}</span></button>
      </form>
    `;
  }

  #place() {
    if (!this.placing) return html`<button class="button" type="button" @click=${startPlacing}>${icon("pin")}<span>${t("thing.move")}</span></button>`;
    return html`
      <p class="note" role="status">${t(this.placing.at ? "thing.moved" : "thing.tap_where")}</p>
      <button class="button" type="button" @click=${stopPlacing}>${icon("back")}<span>${t("thing.leave_there")}</span></button>
    `;
  }

  /** @returns {readonly Field[]} */
  get #fields() {
    return LAYERS.find(({ name }) => name === this.noun)?.form ?? [];
  }

  /**
   * @param {Field} field
   * @param {any} value
   * @param {string} name  of the input: `holders.0.phone` in a list
   * @returns {unknown}
   */
  #field(field, value, name) {
    const words = t(`import_field.${field.name}`);
    if (field.rows) return this.#list(field, field.rows);
    if (field.partners) return this.#partners(words, value, name);
    if (field.choices) {
      return html`
        <label>${words}
          <select name=${name}>${field.choices.map((each) => html`<option value=${each} ?selected=${each === value}>${t(`${field.words}.${each}`)}</option>`)}</select>
        </label>
      `;
    }
    if (field.long) return html`<label>${words} <textarea name=${name} maxlength="2000" rows="3" .value=${value ?? ""}></textarea></label>`;
    return html`<label>${words} <input name=${name} type=${field.type ?? "text"} maxlength="200" ?required=${field.required ?? false} .value=${value ?? ""} /></label>`;
  }

  /**
   * @param {string} words
   * @param {string | null | undefined} value
   * @param {string} name
   */
  #partners(words, value, name) {
    const all = model.value.live.snapshot?.partners ?? [];
    return html`
      <label>${words}
        <select name=${name}>
          <option value="">${t("thing.no_partner")}</option>
          ${all.map((each) => html`<option value=${each.id} ?selected=${each.id === value}>${nameOf(each)}</option>`)}
        </select>
      </label>
    `;
  }

  /**
   * @param {Field} field
   * @param {readonly Field[]} fields
   */
  #list({ name }, fields) {
    const rows = this.rows[name] ?? [];
    const set = (/** @type {Record<string, any>[]} */ changed) => (this.rows = { ...this.rows, [name]: changed });
    return html`
      <fieldset>
        <legend>${t(`import_field.${name}`)}</legend>
        ${rows.map(
          (row, i) => html`
            ${fields.map((field) => this.#field(field, row[field.name], `${name}.${i}.${field.name}`))}
            <button class="button" type="button" @click=${() => set(this.#typed(name, fields).filter((_, at) => at !== i))}>${icon("minus")}<span>${t("thing.remove_row")}</span></button>
          `,
        )}
        <button class="button" type="button" @click=${() => set([...this.#typed(name, fields), {}])}>${icon("plus")}<span>${t("thing.add_row")}</span></button>
      </fieldset>
    `;
  }

  /**
   * @param {string} name
   * @param {readonly Field[]} fields
   * @returns {Record<string, any>[]} the rows of a list, as they stand on screen
   */
  #typed(name, fields) {
    const typed = new FormData(/** @type {HTMLFormElement} */ (this.querySelector("form")));
    const rows = this.rows[name] ?? [];
    return rows.map((row, i) => ({ ...row, ...Object.fromEntries(fields.map((field) => [field.name, text(typed, `${name}.${i}.${field.name}`)])) }));
  }

  /** @param {boolean} isOpen */
  #begin(isOpen) {
    this.#key = crypto.randomUUID();
    stopPlacing();
    Object.assign(this, { isOpen, known: null, rows: {}, busy: false, problem: null });
  }

  /** @param {Event} event */
  async #toggle({ target }) {
    const { open } = /** @type {HTMLDetailsElement} */ (target);
    if (open === this.isOpen) return;
    this.#begin(open);
    if (!open || !this.featureId) return;
    try {
      const known = await readFeature(this.noun, this.featureId);
      this.rows = Object.fromEntries(this.#fields.filter(({ rows }) => rows).map(({ name }) => [name, known.feature.properties[name] ?? []]));
      this.known = known;
    } catch (error) {
      this.problem = errorWords(codeOf(error));
    }
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    if (this.busy) return;
    const typed = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const told = this.#fields.map((field) => [field.name, field.rows ? this.#typed(field.name, field.rows) : text(typed, field.name)]);
    const feature = {
      geometry: (!this.placing?.at && this.known?.feature.geometry) || /** @type {GeoJSON.Point} */ ({ type: "Point", coordinates: [...(this.placing?.at ?? this.at)] }),
      properties: { ...this.known?.feature.properties, ...Object.fromEntries(told) },
    };
    this.busy = true;
    try {
      await writeFeature(this.noun, feature, this.known, this.#key);
      toast(t("thing.saved"));
      this.#begin(false);
    } catch (error) {
      this.busy = false;
      this.problem = refusalWords(error);
    }
  }
}

/**
 * @param {unknown} error
 * @returns {string} which field cannot be, where the server says it
 */
function refusalWords(error) {
  const reason = error instanceof ApiError ? String(error.problem["reason"] ?? "") : "";
  if (hasWords(`error.${reason}`)) return t(`error.${reason}`);
  const [way = "", ...rest] = reason.split("_");
  const field = `import_field.${rest.join("_")}`;
  return hasWords(`import_way.${way}`) && hasWords(field) ? t(`import_way.${way}`, { field: t(field) }) : errorWords(codeOf(error));
}

/**
 * @param {FormData} typed
 * @param {string} name
 */
const text = (typed, name) => String(typed.get(name) ?? "").trim();

customElements.define("er-feature-form", FeatureForm);
