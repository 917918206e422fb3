// The plan as files: the injects as an Excel sheet, out and in again, and the entry for calendars.

import { fileAddress, importSheet, messagesOf, previewSheet } from "../../actions/drills/sheet.js";
import { resultAddress } from "../../actions/drills/replay-address.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { language, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { toast } from "../../state/model.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import "../components/print-link.js";

/**
 * @typedef {import("../../types/drills.js").SheetPreview} SheetPreview
 * @typedef {import("../../types/drills.js").SheetMessage} SheetMessage
 */

/**
 * @param {import("../../types/page.js").Model} model
 * @param {import("../../types/drills.js").Drill | null} saved
 * @param {boolean} isTyped  something is not saved yet
 */
export function files(model, saved, isTyped) {
  if (!saved) return nothing;
  const mayEdit = may(model.live.viewer, "plan_drill") && saved.state === "planned";
  return html`
    <details class="fold" data-part="files">
      <summary><span>${t("drills.sheet")}</span></summary>
      <div class="files">
        <a class="button" href=${fileAddress(saved.id, "injects.xlsx", model.language)} download>${icon("down")}<span>${t("drills.download")}</span></a>
        ${mayEdit ? html`<er-drill-sheet .drillId=${saved.id} .isTyped=${isTyped} .language=${model.language}></er-drill-sheet>` : nothing}
        ${saved.plan.starts_at ? html`<a class="button" href=${fileAddress(saved.id, "calendar.ics", model.language)} download>${icon("calendar")}<span>${t("drills.calendar")}</span></a>` : nothing}
        <a class="button" href=${resultAddress(saved.id, "evaluation-sheet.html", { language: model.language, names: false })} download>${icon("script")}<span>${t("drills.evaluation_sheet")}</span></a>
        <er-print-link .address=${resultAddress(saved.id, "evaluation-sheet.pdf", { language: model.language, names: false })} .words=${t("drills.evaluation_sheet_pdf")}></er-print-link>
      </div>
    </details>
  `;
}

class DrillSheet extends Element {
  static properties = { drillId: {}, isTyped: { type: Boolean }, language: {}, preview: { state: true }, messages: { state: true }, busy: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.drillId = "";
    this.isTyped = false;
    this.language = "";
    /** @type {File | null} */
    this.file = null;
    /** @type {SheetPreview | null} */
    this.preview = null;
    /** @type {readonly SheetMessage[]} */
    this.messages = [];
    this.busy = false;
    /** @type {string | null} */
    this.problem = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("drillId")) this.preview = this.file = null;
  }

  render() {
    if (this.isTyped) return html`<p class="muted">${t("drills.unsaved_first")}</p>`;
    return html`
      <label class="button" ?data-busy=${this.busy}>${icon("up")}<span>${t(this.busy ? "drills.reading" : "drills.upload")}</span><input class="unseen" type="file" accept=".xlsx" ?disabled=${this.busy} @change=${this.#choose} /></label>
      ${this.problem ? html`<p class="problem" role="alert">${errorWords(this.problem)}</p>` : nothing}
      ${this.messages.length > 0 ? html`<ul class="sheet-messages">${this.messages.map(message)}</ul>` : nothing}
      ${this.preview ? this.#outcome(this.preview) : nothing}
    `;
  }

  /** @param {SheetPreview} preview */
  #outcome({ importable, added, changed, removed, unchanged }) {
    if (!importable) return html`<p class="problem" role="alert">${t("drills.not_importable")}</p>`;
    return html`
      <p role="status">${t("drills.would_change", { added: added.length, changed: changed.length, removed: removed.length, unchanged })}</p>
      <button class="button primary" type="button" ?disabled=${this.busy} @click=${this.#import}>${t("drills.import")}</button>
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
      this.preview = await previewSheet(this.drillId, file);
      this.messages = this.preview.messages;
    });
  }

  #import() {
    return this.#run(async () => {
      if (!this.file || !this.preview) return;
      await importSheet(this.drillId, this.file, this.preview.version);
      this.preview = this.file = null;
      toast(t("drills.imported"));
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
      this.preview = null;
      this.messages = messagesOf(error);
      this.problem = codeOf(error);
    } finally {
      this.busy = false;
    }
  }
}

/** @param {SheetMessage} found */
const message = ({ level, row, value, zh, en }) => html`
  <li data-level=${level}>${row === null ? nothing : html`<b>${t("drills.row", { n: row })}</b> `}${language() === "en" ? en : zh}${value ? html` <q>${value}</q>` : nothing}</li>
`;

customElements.define("er-drill-sheet", DrillSheet);
