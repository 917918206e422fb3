// One door: four buttons, how many people, and a note for those who carry.

import { markDoor } from "../../../actions/registers/mark-doors.js";
import { timeOfDay } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { MOST_PEOPLE, STATES } from "../../../state/registers/roll-call.js";
import { icon } from "../../components/icon.js";

/** @typedef {import("../../../state/registers/roll-call.js").ShownDoor} ShownDoor */

/** NOTE_LENGTH of responder/domain/registers/roll_call.py. */
const NOTE_LENGTH = 80;
const SYMBOLS = { out: "check", not_found: "search", refused: "close", needs_carrying: "warning" };

/**
 * @param {ShownDoor} door
 * @param {{ incidentId: string, marks: boolean }} how  `marks`: whether the viewer may say something of it
 */
export function doorRow(door, { incidentId, marks }) {
  const { label, expected, state } = door;
  return html`
    <li class="door" data-door=${label} data-state=${state}>
      <p class="door-line">
        <strong>${label}</strong>
        <small>${expected === null ? nothing : t("roll_call.people_there", { n: expected })}</small>
        ${stateOf(door)}
      </p>
      ${marks ? buttons(door, incidentId) : nothing} ${state === "unmarked" ? nothing : more(door, { incidentId, marks })}
    </li>
  `;
}

/**
 * Someone who has to be carried: where they are comes first, and one button says that they are out.
 * @param {ShownDoor} door
 * @param {{ incidentId: string, marks: boolean, where: string }} how
 */
export function carryRow(door, { incidentId, marks, where }) {
  const { label, people, note } = door;
  return html`
    <li class="door carry" data-carry=${label}>
      <p class="door-line"><strong>${label}</strong><small>${where} · ${t("roll_call.people", { n: people })}</small>${stateOf(door)}</p>
      ${note ? html`<p class="door-note">${note}</p>` : nothing}
      ${marks ? html`<button class="button" data-mark="out" @click=${() => say(door, incidentId, { state: "out" })}>${icon("check")}<span>${t("roll_call.carried_out")}</span></button>` : nothing}
    </li>
  `;
}

/** @param {ShownDoor} door */
function stateOf({ state, at, waits }) {
  const known = at && state !== "unmarked" ? html`${t(`roll_call.${state}`)} <time>${timeOfDay(at)}</time>` : t("roll_call.unmarked");
  return html`<span class="door-state" data-waits=${waits}>${waits ? t(navigator.onLine ? "roll_call.sending" : "roll_call.waiting") : known}</span>`;
}

/**
 * @param {ShownDoor} door
 * @param {string} incidentId
 */
const buttons = (door, incidentId) => html`
  <div class="door-buttons" role="group" aria-label=${door.label}>
    ${STATES.map((state) => {
      const is = door.state === state;
      const act = () => say(door, incidentId, is ? { state: "unmarked", people: 0, note: "" } : { state });
      return html`<button data-mark=${state} aria-pressed=${is} @click=${act}>${icon(SYMBOLS[state])}<span>${t(`roll_call.${state}`)}</span></button>`;
    })}
  </div>
`;

/**
 * @param {ShownDoor} door
 * @param {{ incidentId: string, marks: boolean }} how
 */
function more(door, { incidentId, marks }) {
  const { people, expected, state, note } = door;
  if (!marks) return html`<p class="door-more">${t("roll_call.people", { n: people })}${note ? html` · ${note}` : nothing}</p>`;
  const count = (/** @type {number} */ n) => html`<button class="square" aria-label=${t(n > 0 ? "roll_call.one_more" : "roll_call.one_less")} ?disabled=${people + n < 1 || people + n > MOST_PEOPLE} @click=${() => say(door, incidentId, { people: people + n })}>${n > 0 ? "+" : "−"}</button>`;
  const write = (/** @type {Event} */ event) => say(door, incidentId, { note: /** @type {HTMLInputElement} */ (event.target).value.trim() });
  return html`
    <div class="door-more">
      ${count(-1)}<span>${t("roll_call.people", { n: people })}${state === "out" && expected !== null && people < expected ? html` <b>${t("roll_call.missing_n", { n: expected - people })}</b>` : nothing}</span>${count(1)}
      <input maxlength=${NOTE_LENGTH} autocomplete="off" aria-label=${t("roll_call.note")} placeholder=${t(state === "needs_carrying" ? "roll_call.note_carrying" : "roll_call.note")} .value=${note} @change=${write} />
    </div>
  `;
}

/**
 * @param {ShownDoor} door
 * @param {string} incidentId
 * @param {Partial<Pick<ShownDoor, "state" | "people" | "note">>} change
 */
function say({ building_id, label, expected, state, people, note }, incidentId, change) {
  // One person of a family has to be carried, unless more are said.
  const all = change.state === "needs_carrying" ? 1 : expected || 1;
  const said = change.state !== undefined && change.state !== state ? all : people;
  markDoor(incidentId, { building_id, label, state, note, people: said, ...change });
}
