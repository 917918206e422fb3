// Features from a file: choose it, answer what it leaves open, and see what came of each row.

import { findRoads, importFile, listImports, NO_MAPPING, NOUNS, previewFile, questionOf, removeImport } from "../../actions/accounts/imports.js";
import { number } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";
import { mappingEditor } from "./import-mapping.js";
import { importRecord } from "./import-record.js";
import { importRoads } from "./import-roads.js";
import { noteList, rowList } from "./import-rows.js";

/**
 * @typedef {import("../../types/page.js").ImportAnswers} ImportAnswers
 * @typedef {import("../../types/page.js").ImportQuestion} ImportQuestion
 * @typedef {import("../../types/page.js").ImportResult} ImportResult
 * @typedef {import("../../types/page.js").ImportMapping} ImportMapping
 * @typedef {import("../../types/page.js").ImportPreview} ImportPreview
 * @typedef {import("../../types/page.js").ImportRecord} ImportRecord
 * @typedef {import("../../types/page.js").Removal} Removal
 */

const OTHER = "other";

/** @extends {ScreenElement<{ records: ImportRecord[], roads: import("../../types/page.js").RoadsOfCircle | null }>} */
class Imports extends ScreenElement {
  static properties = { noun: { state: true }, file: { state: true }, question: { state: true }, preview: { state: true }, mapping: { state: true }, result: { state: true }, removal: { state: true } };

  constructor() {
    super();
    /** @type {string} */
    this.noun = NOUNS[0] ?? "";
    /** @type {File | null} */
    this.file = null;
    /** @type {ImportAnswers} */
    this.answers = {};
    /** @type {ImportQuestion | null} */
    this.question = null;
    /** @type {ImportPreview | null} what would come of the file */
    this.preview = null;
    /** @type {ImportMapping | null} what the person says of its columns, once they were shown */
    this.mapping = null;
    /** Whether what is sent next is only looked at. */
    this.onlyLooks = false;
    /** @type {ImportResult | null} */
    this.result = null;
    this.source = "";
    /** @type {{ id: string, value: Removal } | null} what came of the last removal */
    this.removal = null;
  }

  async ask() {
    const [records, roads] = await Promise.all([listImports(this.circleId), findRoads(this.circleId)]);
    return { records, roads };
  }

  render() {
    const body = html`${this.#form()} ${this.question ? this.#asked(this.question) : nothing} ${this.preview ? this.#understood(this.preview) : nothing} ${this.result ? this.#outcome(this.result) : nothing} ${this.whenLoaded(({ records, roads }) => html`${importRoads(roads)} ${this.#records(records)}`)}`;
    return screen(this.model, "imports", { problem: this.refused, body });
  }

  #form() {
    return html`
      <form class="form" @submit=${this.#start}>
        <p class="muted">${t("imports.hint")}</p>
        <label>
          ${t("imports.noun")}
          <select name="noun" @change=${(/** @type {Event} */ event) => this.#choose({ noun: /** @type {HTMLSelectElement} */ (event.target).value })}>
            ${NOUNS.map((noun) => html`<option value=${noun} ?selected=${noun === this.noun}>${t(`imports.noun_${noun}`)}</option>`)}
          </select>
        </label>
        <label>
          ${t("imports.file")}
          <input
            type="file"
            name="file"
            required
            accept=".geojson,.json,.geojsonl,.gpkg,.zip"
            @change=${(/** @type {Event} */ event) => this.#choose({ file: /** @type {HTMLInputElement} */ (event.target).files?.[0] ?? null })}
          />
        </label>
        <label>
          ${t("imports.source")}
          <input
            name="source"
            maxlength="100"
            list="import-sources"
            autocomplete="off"
            @input=${(/** @type {Event} */ event) => (this.source = /** @type {HTMLInputElement} */ (event.target).value.trim())}
          />
          <small class="muted">${t("imports.source_hint")}</small>
        </label>
        <datalist id="import-sources">
          ${[...new Set((this.value?.records ?? []).map(({ source }) => source))].filter(Boolean).map((source) => html`<option value=${source}></option>`)}
        </datalist>
        <button class="button primary big" ?disabled=${this.busy || !this.file}>
          ${icon("up")}<span>${t(this.busy ? "imports.sending" : "imports.send")}</span>
        </button>
        <button class="button" type="button" ?disabled=${this.busy || !this.file} @click=${this.#look}>
          ${icon("layers")}<span>${t("imports.look")}</span>
        </button>
      </form>
    `;
  }

  /** @param {ImportPreview} preview */
  #understood(preview) {
    return mappingEditor(preview, {
      mapping: this.mapping ?? NO_MAPPING,
      busy: this.busy,
      change: (mapping) => (this.mapping = mapping),
      again: () => void this.#send({}),
      take: () => {
        this.onlyLooks = false;
        void this.#send({});
      },
    });
  }

  /**
   * Another file has other questions.
   * @param {{ noun?: string, file?: File | null }} change
   */
  #choose({ noun = this.noun, file = this.file }) {
    this.noun = noun;
    this.file = file;
    this.answers = {};
    this.question = null;
    this.preview = null;
    this.mapping = null;
    this.result = null;
    this.refused = null;
  }

  /** @param {ImportQuestion} question */
  #asked(question) {
    const { code, candidates, layers } = question;
    return html`
      <form class="form made" aria-labelledby="import-question" @submit=${this.#answer}>
        <h3 id="import-question" tabindex="-1">${icon("warning")} ${t(`imports.ask_${code}`)}</h3>
        ${code === "layer_needed"
          ? html`<label>
              ${t("imports.layer")}
              <select name="layer" required>${layers.map((layer) => html`<option>${layer}</option>`)}</select>
            </label>`
          : html`<fieldset>
              <legend>${t("imports.centre_would_be")}</legend>
              ${candidates.map(
                (each, index) => html`<label class="choice">
                  <input type="radio" name="candidate" value=${index} required ?checked=${index === 0} />
                  <span>
                    <strong>${code === "axis_order_needed" ? t(`imports.order_${each.axis_order}`) : each.name}</strong>
                    <small>${code === "axis_order_needed" || each.axis_order === "xy" ? nothing : `${t("imports.order_yx")} · `}${each.centre[0].toFixed(5)}, ${each.centre[1].toFixed(5)}</small>
                  </span>
                </label>`,
              )}
              ${code === "unknown_crs"
                ? html`<label class="choice">
                    <input type="radio" name="candidate" value=${OTHER} required ?checked=${candidates.length === 0} />
                    <span>${t("imports.other_crs")}</span>
                    <input name="crs" maxlength="100" placeholder="EPSG:4547" autocomplete="off" aria-label=${t("imports.other_crs")} />
                  </label>`
                : nothing}
            </fieldset>`}
        <button class="button primary big" ?disabled=${this.busy}>${t("imports.answer")}</button>
      </form>
    `;
  }

  /** @param {ImportResult} result */
  #outcome({ created, updated, unchanged, skipped, doubtful, notes }) {
    const far = skipped.filter(({ code }) => code === "far_from_circle").length;
    return html`
      <section class="import-result" aria-labelledby="import-result">
        <h3 id="import-result" tabindex="-1">
          ${t("imports.result", { created: number(created), updated: number(updated), unchanged: number(unchanged), skipped: number(skipped.length) })}
        </h3>
        ${noteList(notes)}
        ${far > 0
          ? html`<p>${t("imports.far", { n: number(far) })}</p>
              <button class="button" ?disabled=${this.busy} @click=${() => this.#send({ far: true })}>${t("imports.take_far")}</button>`
          : nothing}
        ${rowList("imports.left_out", skipped)} ${rowList("imports.doubtful", doubtful)}
      </section>
    `;
  }

  /** @param {ImportRecord[]} records */
  #records(records) {
    if (records.length === 0) return nothing;
    return html`
      <section aria-labelledby="import-records">
        <h3 id="import-records">${t("imports.records")}</h3>
        <ul class="rows">
          ${records.map((each) =>
            importRecord(each, {
              removal: this.removal?.id === each.id ? this.removal.value : null,
              busy: this.busy,
              remove: (edited) => void this.#remove(each.id, edited),
            }),
          )}
        </ul>
      </section>
    `;
  }

  /**
   * @param {string} id
   * @param {boolean} edited
   */
  #remove(id, edited) {
    return this.run(async () => {
      this.removal = { id, value: await removeImport(this.circleId, id, { edited }) };
    });
  }

  /** @param {SubmitEvent} event */
  #start(event) {
    event.preventDefault();
    this.answers = {};
    this.onlyLooks = false;
    void this.#send({});
  }

  #look() {
    this.answers = {};
    this.onlyLooks = true;
    void this.#send({});
  }

  /** @param {SubmitEvent} event */
  #answer(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const layer = given.get("layer");
    if (layer !== null) return void this.#send({ layer: String(layer) });
    const candidate = this.question?.candidates[Number(given.get("candidate"))];
    if (candidate && given.get("candidate") !== OTHER) {
      return void this.#send({ crs: candidate.name, axis_order: candidate.axis_order });
    }
    const crs = String(given.get("crs") ?? "").trim();
    if (crs) void this.#send({ crs });
  }

  /** @param {ImportAnswers} more */
  async #send(more) {
    const { file, noun } = this;
    if (!file) return;
    this.answers = { ...this.answers, ...more };
    const answers = { ...this.answers, source: this.source, ...(this.mapping ? { mapping: this.mapping } : {}) };
    await this.run(async () => {
      try {
        if (this.onlyLooks) {
          this.preview = await previewFile(this.circleId, noun, file, answers);
          this.mapping = this.preview.mapping;
          this.result = null;
        } else {
          this.result = await importFile(this.circleId, noun, file, answers);
          this.preview = null;
        }
        this.question = null;
      } catch (error) {
        this.result = null;
        this.question = questionOf(error);
        if (!this.question) throw error;
      }
    });
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector("#import-question, #import-understood, #import-result"))?.focus();
  }
}

customElements.define("er-imports", Imports);
