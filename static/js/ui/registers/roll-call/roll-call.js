// A roll-call: totals, who has to be carried, and every door with four buttons; it works without a network too.

import { goBack, showIncident, showOverview } from "../../../actions/map/navigation.js";
import { nameOf, t } from "../../../lib/i18n.js";
import { placeName } from "../../../lib/place-name.js";
import { html, nothing, repeat } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { byFloor, plain, shownDoors, toCarry, totalsOf } from "../../../state/registers/roll-call.js";
import { incidentById } from "../../../state/selectors.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";
import { viewHeader } from "../../components/view-header.js";
import { carryRow, doorRow } from "./door-row.js";
import "./doors-form.js";
import { refusedMarks } from "./refused-marks.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/messages.js").IncidentDetail} IncidentDetail
 * @typedef {import("../../../state/registers/roll-call.js").ShownDoor} ShownDoor
 */

/** A list of fewer doors is seen whole. */
const FILTER_FROM = 7;

/**
 * @param {Model} model
 * @param {import("../../../types/page.js").RegisterView} view
 * @returns {import("../../../types/page.js").PanelView}
 */
export function rollCallView(model, view) {
  const detail = incidentById(model.live, view.id ?? "");
  if (!detail) return { body: html`${viewHeader(t("roll_call.title"), { symbol: "people", back: showOverview })}<p class="muted">${t("roll_call.gone")}</p>` };
  const { incident } = detail;
  const back = () => goBack(() => showIncident(incident.id));
  const body = html`
    ${viewHeader(t("roll_call.title"), { symbol: "people", below: placeName(incident.place, model), back })}
    <er-roll-call .model=${model} .detail=${detail} .language=${model.language}></er-roll-call>
  `;
  return { body, exercise: incident.exercise };
}

class RollCallElement extends Element {
  static properties = { model: { attribute: false }, detail: { attribute: false }, language: {}, typed: { state: true }, onlyUnmarked: { state: true } };

  constructor() {
    super();
    /** @type {Model} */
    this.model = /** @type {any} */ (null);
    /** @type {IncidentDetail} */
    this.detail = /** @type {any} */ (null);
    this.language = "";
    this.typed = "";
    this.onlyUnmarked = false;
  }

  render() {
    const { incident, roll_call: rollCall } = this.detail;
    const { viewer } = this.model.live;
    const directs = incident.ended_at === null && may(viewer, incident.exercise ? "direct_exercise" : "direct_incident");
    const form = directs ? html`<er-doors-form .model=${this.model} .detail=${this.detail} .language=${this.language}></er-doors-form>` : nothing;
    if (!rollCall) return directs ? form : html`<p class="muted">${t("roll_call.not_begun")}</p>`;
    const pending = this.model.marks.filter(({ incident_id }) => incident_id === incident.id);
    const doors = shownDoors(rollCall, pending);
    const how = { incidentId: incident.id, marks: may(viewer, "answer_alert") };
    const carry = toCarry(doors);
    return html`
      ${totals(doors)} ${refusedMarks(pending)} ${this.#waiting(doors)}
      ${carry.length > 0
        ? html`<section class="to-carry" aria-label=${t("roll_call.to_carry")}>
            <h3>${icon("warning")}${t("roll_call.to_carry")}</h3>
            <ul class="doors plain">${repeat(carry, keyOf, (door) => carryRow(door, { ...how, where: this.#where(door) }))}</ul>
          </section>`
        : nothing}
      ${doors.length >= FILTER_FROM ? this.#filter(doors) : nothing} ${this.#floors(doors, how)} ${directs ? html`<details class="fold"><summary><span>${t("roll_call.change_doors")}</span></summary>${form}</details>` : nothing}
    `;
  }

  /** @param {ShownDoor[]} doors */
  #waiting(doors) {
    const n = doors.filter(({ waits }) => waits).length;
    return html`<p class="roll-call-waiting" role="status" ?hidden=${n === 0}>${n > 0 ? t(navigator.onLine ? "roll_call.sending_n" : "roll_call.waiting_n", { n }) : ""}</p>`;
  }

  /** @param {ShownDoor[]} doors */
  #filter(doors) {
    const left = doors.filter(({ state }) => state === "unmarked").length;
    return html`
      <div class="roll-call-filter">
        <input type="search" inputmode="search" autocomplete="off" maxlength="16" aria-label=${t("roll_call.search")} placeholder=${t("roll_call.search")} .value=${this.typed} @input=${this.#type} />
        <button class="button" aria-pressed=${this.onlyUnmarked} @click=${() => (this.onlyUnmarked = !this.onlyUnmarked)}>${t("roll_call.only_unmarked", { n: left })}</button>
      </div>
    `;
  }

  /** @param {Event} event */
  #type(event) {
    this.typed = /** @type {HTMLInputElement} */ (event.target).value;
  }

  /**
   * @param {ShownDoor[]} doors
   * @param {{ incidentId: string, marks: boolean }} how
   */
  #floors(doors, how) {
    const groups = byFloor(doors, { typed: this.typed, onlyUnmarked: this.onlyUnmarked });
    const [one, ...others] = this.detail.roll_call?.buildings ?? [];
    const label = plain(this.typed);
    const isNew = how.marks && label !== "" && one && others.length === 0 && doors.every((door) => door.label !== label);
    return html`
      ${groups.map(
        (group) => html`
          <h3 class="floor">${others.length > 0 ? html`${this.#building(group.building_id)} · ` : nothing}${floorWords(group.floor)}</h3>
          <ul class="doors plain">${repeat(group.doors, keyOf, (door) => doorRow(door, how))}</ul>
        `,
      )}
      ${groups.length === 0 && !isNew ? html`<p class="muted">${t(this.typed ? "roll_call.no_such_door" : "roll_call.all_marked")}</p>` : nothing}
      ${isNew
        ? html`<h3 class="floor">${t("roll_call.unlisted")}</h3>
            <ul class="doors plain">${doorRow({ building_id: one.id, label, floor: null, expected: null, state: "unmarked", people: 0, note: "", at: null, waits: false }, how)}</ul>`
        : nothing}
    `;
  }

  /** @param {ShownDoor} door */
  #where(door) {
    const several = (this.detail.roll_call?.buildings.length ?? 0) > 1;
    return [...(several ? [this.#building(door.building_id)] : []), floorWords(door.floor)].join(" · ");
  }

  /** @param {string} id */
  #building(id) {
    const found = this.detail.roll_call?.buildings.find((each) => each.id === id);
    return found ? nameOf(found) : "";
  }
}

/** @param {ShownDoor} door */
const keyOf = ({ building_id, label }) => `${building_id} ${label}`;

/** @param {number | null} floor */
const floorWords = (floor) => (floor === null ? t("roll_call.no_floor") : t("roll_call.floor", { n: floor }));

/** @param {ShownDoor[]} doors */
function totals(doors) {
  const { expected, out, missing, not_found, needs_carrying, refused, unmarked_doors } = totalsOf(doors);
  const rows = /** @type {const} */ ([
    ["needs_carrying", needs_carrying],
    ["not_found", not_found + missing],
    ["refused", refused],
    ["unmarked_doors", unmarked_doors],
  ]);
  return html`
    <dl class="roll-call-totals">
      <div data-total="out"><dt>${t("roll_call.out")}</dt><dd>${out}${expected > 0 ? html`<small>${t("roll_call.of", { n: expected })}</small>` : nothing}</dd></div>
      ${rows.map(([name, n]) => html`<div data-total=${name} ?data-some=${n > 0}><dt>${t(`roll_call.${name}`)}</dt><dd>${n}</dd></div>`)}
    </dl>
  `;
}

customElements.define("er-roll-call", RollCallElement);
