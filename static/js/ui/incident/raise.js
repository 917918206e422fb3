// What happens there: one tap on a kind calls all who can be there in time.

import { raiseAlert } from "../../actions/incident/raise-alert.js";
import { showIncident } from "../../actions/map/navigation.js";
import { errorWords } from "../../lib/errors.js";
import { timeOfDay } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";

const SEVERITIES = /** @type {const} */ (["red", "orange", "yellow", "blue"]);

/** The tap that opened the panel, or asked for a call, must not also choose what lies under the finger now. */
const SETTLES_MS = 450;

class Raise extends Element {
  static properties = {
    place: { attribute: false },
    exercise: { attribute: false },
    kinds: { attribute: false },
    state: { attribute: false },
    would: { attribute: false },
    language: {},
    severity: { state: true },
    note: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../../types/page.js").PlaceChoice | null} */
    this.place = null;
    this.exercise = false;
    /** @type {readonly import("../../types/messages.js").IncidentKind[]} */
    this.kinds = [];
    /** @type {import("../../types/page.js").RaiseState} */
    this.state = { status: "idle", kind: null, error: null, candidates: [] };
    /** @type {{ units: number, people: number } | null} whom it would call; null while that is being found */
    this.would = null;
    this.language = "";
    /** @type {string | null} */
    this.severity = null;
    this.note = "";
    this.shownAt = performance.now();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    const before = /** @type {import("../../types/page.js").PlaceChoice | undefined} */ (changed.get("place"));
    const asks = changed.has("state") && this.state.status === "asking";
    if (asks || (changed.has("place") && before?.lon !== this.place?.lon)) this.shownAt = performance.now();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const { status } = this.state;
    if (!changed.has("state") || (status !== "failed" && status !== "asking")) return;
    const problem = /** @type {HTMLElement | null} */ (this.querySelector(".problem"));
    problem?.scrollIntoView({ block: "nearest" });
    // The button that was pressed is gone: with the keyboard one goes on from here.
    if (status === "asking") problem?.focus({ preventScroll: true });
  }

  render() {
    return html`
      <section class="raise" ?data-exercise=${this.exercise} aria-label=${t("raise.what")}>
        ${this.state.status === "asking" ? nothing : html`<h3>${this.exercise ? t("raise.what_exercise") : t("raise.what")}</h3>`} ${this.#answer()}
        ${this.state.status === "asking" ? nothing : this.#kinds()}
        <details class="fold">
          <summary><span>${t("raise.more")}</span></summary>
          <fieldset class="segments">
            <legend>${t("raise.severity")}</legend>
            <button aria-pressed=${this.severity === null} @click=${() => (this.severity = null)}>${t("raise.severity_by_kind")}</button>
            ${SEVERITIES.map(
              (each) => html`<button class="severity-${each}" aria-pressed=${this.severity === each} @click=${() => (this.severity = each)}>${t(`severity.${each}`)}</button>`,
            )}
          </fieldset>
          <label>${t("raise.note")} <textarea rows="2" maxlength="500" placeholder=${t("raise.note_hint")} .value=${this.note} @input=${this.#write}></textarea></label>
        </details>
      </section>
    `;
  }

  /** What a tap will do, does or did: above what was tapped, for below it would be off a phone's screen. */
  #answer() {
    switch (this.state.status) {
      case "sending":
        return html`<p class="sending" role="status">${t("raise.sending")}</p><div class="progress"></div>`;
      case "failed":
        return this.#failed();
      case "asking":
        return this.#asked();
      default:
        return html`<p class="muted">${this.#calls()}</p>`;
    }
  }

  #kinds() {
    const sending = this.state.status === "sending";
    return html`
      <div class="kinds">
        ${this.kinds.map(
          (kind) => html`
            <button class="kind severity-${this.severity ?? kind.severity}" ?disabled=${sending} @click=${() => this.#raise(kind.code)}>
              ${icon(kind.icon)}<span>${nameOf({ name: kind.name_zh, name_en: kind.name_en })}</span>
            </button>
          `,
        )}
      </div>
    `;
  }

  #calls() {
    if (this.would === null) return t("raise.calls_all");
    const { units, people } = this.would;
    return people === 0 ? t("raise.calls_no_one") : t("raise.calls_n", { units, people });
  }

  #failed() {
    return html`
      <div class="problem" role="alert">
        <p><strong>${t("raise.failed")}</strong> ${errorWords(this.state.error ?? "no_answer")}</p>
        <p>${t("raise.failed_next")} <a class="number" href="tel:119">119</a></p>
        ${this.state.kind ? html`<button class="button" @click=${() => this.#raise(String(this.state.kind))}>${t("failed.again")}</button>` : nothing}
      </div>
    `;
  }

  /** One nearby may be the same: a person says, and either way one tap goes on. */
  #asked() {
    const { candidates, kind } = this.state;
    return html`
      <div class="problem similar" role="alert" tabindex="-1">
        <p><strong>${t("raise.similar")}</strong></p>
        ${candidates.map(
          (each) => html`
            <button class="button" data-same=${each.incident_id} @click=${() => this.#isSame(each.incident_id)}>
              ${icon("check")}<span>${t("raise.same", { place: (this.language === "en" && each.label_en) || each.label, time: timeOfDay(each.raised_at), name: each.raised_by_name })}</span>
            </button>
          `,
        )}
        <button class="button" data-not-same @click=${() => this.#raise(String(kind), candidates.map(({ incident_id }) => incident_id))}>${icon("alarm")}<span>${t("raise.not_same")}</span></button>
      </div>
    `;
  }

  /** @param {string} incidentId */
  #isSame(incidentId) {
    if (this.#settled()) showIncident(incidentId);
  }

  #settled() {
    return performance.now() - this.shownAt >= SETTLES_MS;
  }

  /**
   * @param {string} kind
   * @param {readonly string[]} [notSameAs]
   */
  #raise(kind, notSameAs = []) {
    if (!this.place || !this.#settled()) return;
    void raiseAlert(this.place, { kind, severity: this.severity, note: this.note.trim(), notSameAs });
  }

  /** @param {Event} event */
  #write(event) {
    this.note = /** @type {HTMLTextAreaElement} */ (event.target).value;
  }
}

customElements.define("er-raise", Raise);
