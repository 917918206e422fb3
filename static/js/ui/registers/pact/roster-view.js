// Who is on call, a week at a time. A swap is two taps: one asks, the other accepts.

import { addPattern, addShift, answerSwap, askForSwap, assignShift, readRoster, removePattern, removeShift } from "../../../actions/registers/pact.js";
import { goBack, showRegister } from "../../../actions/map/navigation.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { icon } from "../../components/icon.js";
import { viewHeader } from "../../components/view-header.js";
import { PactElement } from "./pact-element.js";
import { clockIn, dayAfter, dayIn, weekdayAndDay, weekdayWords } from "./pact-words.js";
import { patternForm, shiftForm } from "./roster-forms.js";
import "../../components/confirm-button.js";

/**
 * @typedef {import("../../../types/pact.js").Roster} Roster
 * @typedef {import("../../../types/pact.js").Shift} Shift
 * @typedef {import("../../../types/pact.js").RosterPerson} Person
 */

const DAYS = 7;

/**
 * @param {import("../../../types/page.js").Model} model
 * @returns {import("../../../types/page.js").PanelView}
 */
export function rosterView(model) {
  const body = html`
    ${viewHeader(t("registers.roster"), { symbol: "calendar", below: t("roster.means"), back: () => goBack(() => showRegister("home")) })}
    <er-roster .model=${model} .language=${model.language}></er-roster>
  `;
  return { body };
}

/** @extends {PactElement<Roster>} */
class RosterPage extends PactElement {
  static properties = { language: {}, first: { state: true }, chosen: { state: true } };

  constructor() {
    super();
    this.language = "";
    /** @type {string | null} the first day; null is today */
    this.first = null;
    /** @type {string | null} the shift that is opened */
    this.chosen = null;
  }

  ask() {
    return readRoster(this.circleId, this.first, DAYS);
  }

  render() {
    return html`
      ${this.refused ? html`<p class="problem" role="alert">${this.refused}</p>` : nothing} ${this.whenLoaded((roster) => this.#all(roster))}
    `;
  }

  /** @param {Roster} roster */
  #all(roster) {
    const { first, today, asked } = roster;
    const days = Array.from({ length: DAYS }, (_, number) => dayAfter(first, number));
    return html`
      ${asked.map((each) => this.#asked(each, roster))}
      <div class="pact-head">
        <button class="square" aria-label=${t("roster.before")} @click=${() => this.#go(dayAfter(first, -DAYS))}>${icon("back")}</button>
        <h3>${weekdayAndDay(first)} – ${weekdayAndDay(dayAfter(first, DAYS - 1))}</h3>
        <button class="square" aria-label=${t("roster.after")} @click=${() => this.#go(dayAfter(first, DAYS))}>${icon("forward")}</button>
      </div>
      ${days.map((day) => this.#day(day, roster, day === today))}
      ${roster.may_edit ? this.#editing(roster) : nothing}
    `;
  }

  /** @param {string} first */
  #go(first) {
    [this.first, this.chosen] = [first, null];
    void this.load();
  }

  /**
   * @param {Shift} shift
   * @param {Roster} roster
   */
  #asked(shift, roster) {
    const who = this.#person(shift.responder_id, roster)?.name ?? "";
    const answer = (/** @type {boolean} */ accept) => this.run(() => answerSwap(this.circleId, shift.id, accept), t(accept ? "roster.taken" : "roster.declined"));
    return html`
      <section class="pact-box roster-asked">
        <p>${t("roster.asks_you", { who, when: `${weekdayAndDay(dayIn(shift.starts_at, roster.time_zone))} ${this.#hours(shift, roster)}` })}</p>
        <div class="roster-answers">
          <button class="button primary" ?disabled=${this.busy} @click=${() => answer(true)}>${icon("check")}<span>${t("roster.accept")}</span></button>
          <button class="button" ?disabled=${this.busy} @click=${() => answer(false)}>${icon("close")}<span>${t("roster.decline")}</span></button>
        </div>
      </section>
    `;
  }

  /**
   * @param {string} day
   * @param {Roster} roster
   * @param {boolean} isToday
   */
  #day(day, roster, isToday) {
    const shifts = roster.shifts.filter(({ starts_at }) => dayIn(starts_at, roster.time_zone) === day);
    return html`
      <section class="roster-day" ?data-today=${isToday}>
        <h4>${weekdayAndDay(day)}${isToday ? html` <small>${t("roster.today")}</small>` : nothing}</h4>
        ${shifts.length === 0 ? html`<p class="muted">${t("roster.no_one")}</p>` : nothing} ${shifts.map((each) => this.#shift(each, roster))}
      </section>
    `;
  }

  /**
   * @param {Shift} shift
   * @param {Roster} roster
   */
  #shift(shift, roster) {
    const person = this.#person(shift.responder_id, roster);
    const asked = shift.asked_id ? this.#person(shift.asked_id, roster)?.name : null;
    const isOpen = this.chosen === shift.id;
    const mayGive = person?.is_self || this.#mayEdit(shift, roster);
    return html`
      <button class="row-button roster-shift" ?data-own=${person?.is_self} aria-expanded=${isOpen} ?disabled=${!mayGive} @click=${() => (this.chosen = isOpen ? null : shift.id)}>
        <span class="roster-hours">${this.#hours(shift, roster)}</span>
        <span><strong>${person?.name ?? ""}</strong><small>${this.unitName(shift.unit_id)}${asked ? ` · ${t("roster.waits_for", { who: asked })}` : ""}</small></span>
      </button>
      ${isOpen && mayGive ? this.#give(shift, roster, person) : nothing}
    `;
  }

  /**
   * @param {Shift} shift
   * @param {Roster} roster
   * @param {Person | undefined} person
   */
  #give(shift, roster, person) {
    const others = roster.people.filter((each) => each.partner_id === shift.partner_id && each.id !== shift.responder_id);
    const mayEdit = this.#mayEdit(shift, roster);
    const close = (/** @type {boolean} */ done) => done && (this.chosen = null);
    const ask = (/** @type {string | null} */ id) => this.run(() => askForSwap(this.circleId, shift.id, id), t(id ? "roster.asked" : "roster.withdrawn")).then(close);
    const assign = (/** @type {string} */ id) => this.run(() => assignShift(this.circleId, shift.id, id), t("roster.assigned")).then(close);
    return html`
      <div class="roster-give">
        ${others.length === 0 ? html`<p class="muted">${t("roster.no_other")}</p>` : nothing}
        ${shift.asked_id ? html`<button class="button" ?disabled=${this.busy} @click=${() => ask(null)}>${icon("undo")}<span>${t("roster.withdraw")}</span></button>` : nothing}
        ${person?.is_self ? others.filter(({ id }) => id !== shift.asked_id).map((each) => html`<button class="button" ?disabled=${this.busy} @click=${() => ask(each.id)}>${icon("people")}<span>${t("roster.ask", { who: each.name })}</span></button>`) : nothing}
        ${mayEdit ? others.map((each) => html`<button class="button" ?disabled=${this.busy} @click=${() => assign(each.id)}>${icon("check")}<span>${t("roster.assign", { who: each.name })}</span></button>`) : nothing}
        ${mayEdit ? html`<er-confirm-button .words=${t("roster.remove")} .act=${() => this.run(() => removeShift(this.circleId, shift.id), t("roster.removed")).then(close)} .disabled=${this.busy}></er-confirm-button>` : nothing}
      </div>
    `;
  }

  /** @param {Roster} roster */
  #editing(roster) {
    const people = roster.people.filter((each) => this.#mayEdit(each, roster)).map((each) => /** @type {const} */ ([each.id, `${each.name} · ${this.unitName(each.unit_id)}`]));
    const patterns = roster.patterns.filter((each) => this.#mayEdit(each, roster));
    return html`
      <details class="fold">
        <summary>${icon("calendar")}<span>${t("roster.weekly", { n: String(patterns.length) })}</span></summary>
        ${patterns.map(
          (each) => html`<div class="roster-pattern">
            <span><strong>${this.#person(each.responder_id, roster)?.name ?? ""}</strong><small>${each.weekdays.map(weekdayWords).join(" ")} · ${each.starts}–${each.ends}</small></span>
            <er-confirm-button .words=${t("roster.remove")} .act=${() => this.run(() => removePattern(this.circleId, each.id), t("roster.removed"))} .disabled=${this.busy}></er-confirm-button>
          </div>`,
        )}
        ${patternForm(people, roster.today, this.busy, (pattern) => this.run(() => addPattern(this.circleId, pattern), t("roster.added")))}
      </details>
      <details class="fold">
        <summary>${icon("plus")}<span>${t("roster.once")}</span></summary>
        ${shiftForm(people, roster.today, this.busy, (shift) => this.run(() => addShift(this.circleId, shift), t("roster.added")))}
      </details>
    `;
  }

  /**
   * @param {{ partner_id: string }} thing
   * @param {Roster} roster
   */
  #mayEdit({ partner_id }, { may_edit }) {
    const { viewer } = this.model.live;
    return may_edit && (viewer?.role === "coordinator" || viewer?.partner_id === partner_id);
  }

  /**
   * @param {string} id
   * @param {Roster} roster
   */
  #person(id, { people }) {
    return people.find((each) => each.id === id);
  }

  /**
   * @param {Shift} shift
   * @param {Roster} roster
   */
  #hours({ starts_at, ends_at }, { time_zone }) {
    const [first, last] = [dayIn(starts_at, time_zone), dayIn(ends_at, time_zone)];
    const nextDay = first === last ? "" : t("roster.next_day");
    return `${clockIn(starts_at, time_zone)}–${nextDay}${clockIn(ends_at, time_zone)}`;
  }
}

customElements.define("er-roster", RosterPage);
