// Households from an Excel sheet: told first, then brought in whole or not at all.

import { householdFaultsOf, sendSheet, templateAddress } from "../../../actions/registers/households.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { language, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { toast } from "../../../state/model.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";

/**
 * @typedef {import("../../../types/households.js").HouseholdSheetOutcome} Outcome
 * @typedef {import("../../../types/drills.js").SheetMessage} SheetMessage
 */

const SHOWN_AT_MOST = 50;

class HouseholdSheet extends Element {
  static properties = { language: {}, done: { attribute: false }, outcome: { state: true }, messages: { state: true }, problem: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.language = "";
    /** @type {() => unknown} */
    this.done = () => null;
    /** @type {File | null} */
    this.file = null;
    /** @type {Outcome | null} */
    this.outcome = null;
    /** @type {readonly SheetMessage[]} */
    this.messages = [];
    /** @type {string | null} */
    this.problem = null;
    this.busy = false;
  }

  render() {
    const { busy, messages, outcome, problem } = this;
    return html`<div class="form">
      <p class="muted">${t("household_sheet.means")}</p>
      <a class="button" href=${templateAddress(this.language)} download>${icon("down")}<span>${t("household_sheet.template")}</span></a>
      <label class="button" ?data-busy=${busy}>${icon("up")}<span>${t(busy ? "household_sheet.reading" : "household_sheet.choose")}</span><input class="unseen" type="file" accept=".xlsx" ?disabled=${busy} @change=${this.#choose} /></label>
      ${problem ? html`<p class="problem" role="alert">${errorWords(problem)}</p>` : nothing}
      ${messages.length > 0 ? html`<ul class="sheet-messages">${messages.slice(0, SHOWN_AT_MOST).map(message)}</ul>` : nothing}
      ${outcome ? this.#told(outcome) : nothing}
    </div>`;
  }

  /** @param {Outcome} outcome */
  #told({ importable, created, changed, unchanged, untouched }) {
    if (!importable) return html`<p class="problem" role="alert">${t("household_sheet.not_importable")}</p>`;
    return html`
      <p role="status">${t("household_sheet.would", { created: created.length, changed: changed.length, unchanged, untouched })}</p>
      <button class="button primary" type="button" ?disabled=${this.busy} @click=${this.#apply}>${t("household_sheet.apply")}</button>
    `;
  }

  /** @param {Event} event */
  async #choose(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    await this.#run(async () => {
      this.file = file;
      this.outcome = await sendSheet(file, null);
      this.messages = this.outcome.messages;
    });
  }

  #apply() {
    return this.#run(async () => {
      if (!this.file || !this.outcome) return;
      await sendSheet(this.file, this.outcome.digest);
      this.file = this.outcome = null;
      toast(t("household_sheet.applied"));
      this.done();
    });
  }

  /** @param {() => Promise<void>} work */
  async #run(work) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    this.messages = [];
    try {
      await work();
    } catch (error) {
      this.outcome = null;
      this.messages = householdFaultsOf(error);
      this.problem = codeOf(error);
    } finally {
      this.busy = false;
    }
  }
}

/** @param {SheetMessage} found */
const message = ({ level, row, value, zh, en }) => html`
  <li data-level=${level}>${row === null ? nothing : html`<b>${t("household_sheet.row", { n: row })}</b> `}${language() === "en" ? en : zh}${value ? html` <q>${value}</q>` : nothing}</li>
`;

customElements.define("er-household-sheet", HouseholdSheet);
