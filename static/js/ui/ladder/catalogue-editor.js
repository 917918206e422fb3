// Edit the circle's kinds of incident and warning colours: what is typed is kept here until it is saved or dropped.

import { saveCatalogue, showCatalogue } from "../../actions/incident/catalogue.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { hasWords, t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import "../components/confirm-button.js";
import { kindFields, levelFields, nameOfKind } from "./catalogue-fields.js";

/**
 * @typedef {import("../../types/messages.js").AlertCatalogue} AlertCatalogue
 * @typedef {import("../../types/messages.js").IncidentKind} IncidentKind
 * @typedef {import("../../actions/incident/catalogue.js").ShownCatalogue} ShownCatalogue
 */

const KINDS_AT_MOST = 24;

class CatalogueEditor extends Element {
  static properties = { circleId: {}, current: { attribute: false }, units: { attribute: false }, language: {}, shown: { state: true }, draft: { state: true }, sending: { state: true }, refused: { state: true } };

  constructor() {
    super();
    this.circleId = "";
    /** @type {AlertCatalogue | null} what the circle goes by, as events tell */
    this.current = null;
    /** @type {readonly { capabilities: readonly string[] }[]} */
    this.units = [];
    this.language = "";
    /** @type {ShownCatalogue | null} */
    this.shown = null;
    /** @type {AlertCatalogue | null} */
    this.draft = null;
    this.sending = false;
    /** @type {{ code: string, field: string | null } | null} */
    this.refused = null;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    // What others saved is shown; what is being typed stays, and is compared with it when it is saved.
    if ((changed.has("current") || changed.has("circleId")) && !this.draft) void this.#load();
  }

  async #load() {
    const { circleId } = this;
    if (!circleId) return;
    try {
      const shown = await showCatalogue(circleId);
      if (circleId === this.circleId) this.shown = shown;
      if (this.refused && !this.draft) this.refused = null;
    } catch (error) {
      this.refused = { code: codeOf(error), field: null };
    }
  }

  render() {
    return html`
      <details class="fold catalogue">
        <summary>${icon("alarm")}<span>${t("catalogue.title")}</span>${this.draft ? html`<span class="mark">${t("catalogue.not_saved")}</span>` : nothing}</summary>
        <p>${t("catalogue.what")}</p>
        ${this.refused ? html`<p class="problem" role="alert">${refusal(this.refused)}</p>` : nothing}
        ${this.shown ? this.#form(this.draft ?? this.shown.catalogue, this.shown) : nothing}
      </details>
    `;
  }

  /**
   * @param {AlertCatalogue} catalogue
   * @param {ShownCatalogue} shown
   */
  #form({ kinds, severities }, { is_custom, catalogue }) {
    const capabilities = [...new Set([...this.units.flatMap((unit) => unit.capabilities), ...kinds.flatMap(({ wanted }) => wanted.map(({ capability }) => capability))])];
    const known = catalogue.kinds.map(({ code }) => code);
    return html`
      <form @submit=${this.#submit}>
        ${repeat(
          kinds,
          ({ code }) => code,
          (kind, at) => html`
            <details class="fold kind-fields" data-code=${kind.code}>
              <summary>${icon(kind.icon)}<span>${nameOfKind(kind) || t("catalogue.new_kind")}</span><span class="chip severity-${kind.severity}">${t(`severity.${kind.severity}`)}</span>${kind.is_offered ? nothing : html`<span class="mark">${t("catalogue.not_offered")}</span>`}</summary>
              ${kindFields(kind, capabilities, (change) => this.#putKind(at, change))}
              <div class="choices">
                <button class="button" type="button" ?disabled=${at === 0} @click=${() => this.#move(at, -1)}>${icon("up")}<span>${t("catalogue.earlier")}</span></button>
                <button class="button" type="button" ?disabled=${at === kinds.length - 1} @click=${() => this.#move(at, 1)}>${icon("down")}<span>${t("catalogue.later")}</span></button>
                ${known.includes(kind.code) ? nothing : html`<button class="button" type="button" @click=${() => this.#put({ kinds: kinds.filter((_, index) => index !== at) })}>${icon("close")}<span>${t("catalogue.remove_kind")}</span></button>`}
              </div>
            </details>
          `,
        )}
        <button class="button" type="button" ?disabled=${kinds.length >= KINDS_AT_MOST} @click=${this.#addKind}>${icon("plus")}<span>${t("catalogue.add_kind")}</span></button>
        <h4>${t("catalogue.colours")}</h4>
        ${severities.map(
          (level, at) => html`
            <details class="fold kind-fields" data-colour=${level.severity}>
              <summary><span class="chip severity-${level.severity}">${t(`severity.${level.severity}`)}</span><span>${level.quiet_hours ? t("catalogue.quiet", { from: level.quiet_hours.start, until: level.quiet_hours.end }) : t("catalogue.never_quiet")}</span></summary>
              ${levelFields(level, (change) => this.#put({ severities: severities.map((each, index) => (index === at ? { ...each, ...change } : each)) }))}
            </details>
          `,
        )}
        <div class="choices">
          <button class="button primary big" ?disabled=${!this.draft || this.sending}>${t(this.draft ? "ladders.save" : "ladders.unchanged")}</button>
          ${this.draft ? html`<button class="button big" type="button" ?disabled=${this.sending} @click=${this.#drop}>${t("ladders.drop")}</button>` : nothing}
        </div>
      </form>
      ${is_custom && !this.draft ? html`<er-confirm-button .words=${t("ladders.all_to_default")} .act=${() => this.#save(null)} .disabled=${this.sending}></er-confirm-button>` : nothing}
    `;
  }

  get #catalogue() {
    return this.draft ?? /** @type {ShownCatalogue} */ (this.shown).catalogue;
  }

  /** @param {Partial<AlertCatalogue>} change */
  #put(change) {
    this.draft = { ...this.#catalogue, ...change };
    this.refused = null;
  }

  /**
   * @param {number} at
   * @param {Partial<IncidentKind>} change
   */
  #putKind(at, change) {
    this.#put({ kinds: this.#catalogue.kinds.map((each, index) => (index === at ? { ...each, ...change } : each)) });
  }

  /**
   * @param {number} at
   * @param {-1 | 1} by
   */
  #move(at, by) {
    const kinds = [...this.#catalogue.kinds];
    const [moved] = kinds.splice(at, 1);
    if (moved) kinds.splice(at + by, 0, moved);
    this.#put({ kinds });
  }

  async #addKind() {
    const { kinds } = this.#catalogue;
    const code = Array.from({ length: KINDS_AT_MOST + 1 }, (_, n) => `own_${n + 1}`).find((each) => !kinds.some((kind) => kind.code === each)) ?? "own";
    /** @type {IncidentKind} */
    const kind = { code, name_zh: "", name_en: "", icon: "other", severity: "yellow", categories: ["Other"], emergency_number: "119", script_zh: [], script_en: [], wanted: [], is_offered: true };
    this.#put({ kinds: [...kinds, kind] });
    await this.updateComplete;
    const fields = /** @type {HTMLDetailsElement | null} */ (this.querySelector(`[data-code=${code}]`));
    if (!fields) return;
    fields.open = true;
    fields.querySelector("input")?.focus();
  }

  #drop() {
    this.draft = null;
    this.refused = null;
    void this.#load();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    return this.#save(this.draft);
  }

  /** @param {AlertCatalogue | null} catalogue */
  async #save(catalogue) {
    if (!this.shown || this.sending) return;
    this.sending = true;
    const { shown, refused } = await saveCatalogue(this.circleId, catalogue, this.shown.version);
    this.sending = false;
    if (shown) this.shown = shown;
    this.refused = refused;
    if (!refused) this.draft = null;
  }
}

/** @param {{ code: string, field: string | null }} refused */
function refusal({ code, field }) {
  if (code === "edit_conflict") return t("catalogue.changed_by_others");
  return field !== null && hasWords(`catalogue.refused_${field}`) ? t(`catalogue.refused_${field}`) : errorWords(code);
}

customElements.define("er-catalogue-editor", CatalogueEditor);
