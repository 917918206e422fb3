// How the duties of the pact were kept in a quarter, and entering that one was done.

import { readScore, recordDuty, removeRecord } from "../../../actions/registers/pact.js";
import { goBack, showRegister } from "../../../actions/map/navigation.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { dayWords } from "../../../state/drills/drill-words.js";
import { icon } from "../../components/icon.js";
import { viewHeader } from "../../components/view-header.js";
import { PactElement } from "./pact-element.js";
import { dutyText, oftenWords } from "./pact-words.js";
import "../../components/confirm-button.js";

/**
 * @typedef {import("../../../types/pact.js").DutyScore} DutyScore
 * @typedef {import("../../../types/pact.js").ScoredDuty} ScoredDuty
 */

const QUARTERS = 4;
/** responder/services/registers/pact/duties.py. */
const NOTE_LENGTH = 300;

/**
 * @param {import("../../../types/page.js").Model} model
 * @returns {import("../../../types/page.js").PanelView}
 */
export function dutyScoreView(model) {
  const body = html`
    ${viewHeader(t("pact.score"), { symbol: "check", below: t("pact.score_means"), back: () => goBack(() => showRegister("pact")) })}
    <er-duty-score .model=${model} .language=${model.language}></er-duty-score>
  `;
  return { body };
}

/** @extends {PactElement<DutyScore>} */
class DutyScorePage extends PactElement {
  #key = crypto.randomUUID();

  static properties = { language: {}, when: { state: true }, open: { state: true } };

  constructor() {
    super();
    this.language = "";
    /** @type {{ year: number, quarter: number } | null} this quarter */
    this.when = null;
    /** @type {string | null} the duty that an entry is typed for */
    this.open = null;
  }

  ask() {
    return readScore(this.circleId, this.when);
  }

  render() {
    return html`
      ${this.refused ? html`<p class="problem" role="alert">${this.refused}</p>` : nothing} ${this.whenLoaded((score) => this.#all(score))}
    `;
  }

  /** @param {DutyScore} score */
  #all(score) {
    const { year, quarter, pact_id, due, kept, is_over, duties } = score;
    return html`
      <div class="pact-head">
        <button class="square" aria-label=${t("pact.quarter_before")} @click=${() => this.#go(year, quarter - 1)}>${icon("back")}</button>
        <h3>${t("pact.quarter", { year: String(year), n: String(quarter) })}</h3>
        <button class="square" aria-label=${t("pact.quarter_after")} @click=${() => this.#go(year, quarter + 1)}>${icon("forward")}</button>
      </div>
      ${pact_id === null
        ? html`<p class="muted">${t("pact.none_in_force")}</p>`
        : html`<p class="pact-total" role="status">${t(is_over ? "pact.kept_of_due" : "pact.kept_so_far", { kept: String(kept), due: String(due) })}</p>`}
      ${duties.map((each) => this.#duty(each, score))}
    `;
  }

  /**
   * @param {number} year
   * @param {number} quarter  0 and 5 are of the years beside
   */
  #go(year, quarter) {
    this.when = quarter < 1 ? { year: year - 1, quarter: QUARTERS } : quarter > QUARTERS ? { year: year + 1, quarter: 1 } : { year, quarter };
    this.open = null;
    void this.load();
  }

  /**
   * @param {ScoredDuty} duty
   * @param {DutyScore} score
   */
  #duty(duty, { records, first, last, today, is_over }) {
    const { due, kept, done, kind, owner_id } = duty;
    const own = records.filter(({ duty_id, done_on }) => duty_id === duty.id && (duty.per === "year" || done_on >= first));
    const state = due === null ? null : (kept ?? 0) >= due ? "kept" : is_over ? "missed" : "open";
    const counted = due === null ? t("pact.not_counted", { n: String(done) }) : t(`pact.duty_${state}`, { kept: String(kept), due: String(due) });
    return html`
      <section class="pact-score" data-state=${state ?? "none"}>
        <p>${icon(state === "kept" ? "check" : state === "missed" ? "warning" : "clock")}<span><strong>${dutyText(duty)}</strong><small>${[this.partnerName(owner_id) || t("pact.everyone"), oftenWords(duty)].join(" · ")}</small><small>${counted}${kind === "drills" ? ` · ${t("pact.from_drills")}` : ""}</small></span></p>
        ${own.length === 0
          ? nothing
          : html`<ul class="pact-duties">${own.map((each) => html`<li>${dayWords(each.done_on)} ${each.note}<small>${each.created_by_name}</small>${each.may_remove ? html`<er-confirm-button .words=${t("pact.take_back")} .act=${() => this.run(() => removeRecord(this.circleId, each.id))} .disabled=${this.busy}></er-confirm-button>` : nothing}</li>`)}</ul>`}
        ${this.#mayEnter(duty) ? this.#entry(duty, { most: today < last ? today : last }) : nothing}
      </section>
    `;
  }

  /** @param {ScoredDuty} duty */
  #mayEnter({ kind, owner_id }) {
    const { viewer } = this.model.live;
    if (kind === "drills" || !may(viewer, "record_duty")) return false;
    return viewer?.role === "coordinator" || owner_id === null || owner_id === viewer?.partner_id;
  }

  /**
   * @param {ScoredDuty} duty
   * @param {{ most: string }} days
   */
  #entry(duty, { most }) {
    if (this.open !== duty.id) return html`<button class="button" @click=${() => (this.open = duty.id)}>${icon("plus")}<span>${t("pact.enter")}</span></button>`;
    return html`
      <form class="pact-entry" @submit=${(/** @type {SubmitEvent} */ event) => this.#send(event, duty)}>
        <label class="field"><span>${t("pact.done_on")}</span><input name="done_on" type="date" required max=${most} .value=${most} /></label>
        <label class="field"><span>${t("pact.note")}</span><input name="note" maxlength=${NOTE_LENGTH} autocomplete="off" placeholder=${t("pact.note_hint")} /></label>
        <button class="button primary" ?disabled=${this.busy}>${icon("check")}<span>${t("pact.enter")}</span></button>
      </form>
    `;
  }

  /**
   * @param {SubmitEvent} event
   * @param {ScoredDuty} duty
   */
  async #send(event, duty) {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const record = { duty_id: duty.id, done_on: String(form.get("done_on")), note: String(form.get("note")) };
    if (await this.run(() => recordDuty(this.circleId, record, this.#key), t("pact.entered"))) {
      this.open = null;
      this.#key = crypto.randomUUID();
    }
  }
}

customElements.define("er-duty-score", DutyScorePage);
