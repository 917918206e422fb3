// Forms that put a person on call: once, or every week.

import { t } from "../../../lib/i18n.js";
import { html } from "../../../lib/vendor.js";
import { icon } from "../../components/icon.js";
import { weekdayWords } from "./pact-words.js";

/**
 * @typedef {readonly (readonly [id: string, name: string])[]} People
 */

const WEEK = [0, 1, 2, 3, 4, 5, 6];

/** @param {People} people */
const whoField = (people) => html`<label class="field"><span>${t("roster.who")}</span><select name="responder_id" required>${people.map(([id, name]) => html`<option value=${id}>${name}</option>`)}</select></label>`;

/**
 * @param {string} name
 * @param {string} value
 */
const hourField = (name, value) => html`<label class="field"><span>${t(`roster.${name}`)}</span><input name=${name} type="time" required value=${value} /></label>`;

/**
 * @param {string} name
 * @param {{ value: string, least: string, required: boolean }} how
 */
const dayField = (name, { value, least, required }) => html`<label class="field"><span>${t(`roster.${name}`)}</span><input name=${name} type="date" min=${least} ?required=${required} value=${value} /></label>`;

/**
 * @param {SubmitEvent} event
 * @returns {FormData}
 */
function sent(event) {
  event.preventDefault();
  return new FormData(/** @type {HTMLFormElement} */ (event.target));
}

/**
 * @param {People} people
 * @param {string} today
 * @param {boolean} busy
 * @param {(pattern: object) => unknown} put
 */
export function patternForm(people, today, busy, put) {
  const send = (/** @type {SubmitEvent} */ event) => {
    const form = sent(event);
    const text = (/** @type {string} */ name) => String(form.get(name) ?? "");
    put({ responder_id: text("responder_id"), weekdays: form.getAll("weekday").map(Number), starts: text("starts"), ends: text("ends"), since: text("since") || null, until: text("until") || null });
  };
  return html`
    <form class="roster-form" @submit=${send}>
      ${whoField(people)}
      <fieldset class="whom roster-week">
        <legend>${t("roster.weekdays")}</legend>
        ${WEEK.map((each) => html`<label class="choice"><input type="checkbox" name="weekday" value=${each} checked /><span>${weekdayWords(each)}</span></label>`)}
      </fieldset>
      <div class="roster-pair">${hourField("starts", "20:00")} ${hourField("ends", "08:00")}</div>
      <div class="roster-pair">${dayField("since", { value: today, least: today, required: true })} ${dayField("until", { value: "", least: today, required: false })}</div>
      <button class="button primary" ?disabled=${busy}>${icon("plus")}<span>${t("roster.add")}</span></button>
    </form>
  `;
}

/**
 * @param {People} people
 * @param {string} today
 * @param {boolean} busy
 * @param {(shift: object) => unknown} put
 */
export function shiftForm(people, today, busy, put) {
  const send = (/** @type {SubmitEvent} */ event) => {
    const form = sent(event);
    const text = (/** @type {string} */ name) => String(form.get(name) ?? "");
    const at = (/** @type {string} */ hour, /** @type {number} */ days) => {
      const time = new Date(`${text("on")}T${hour}`);
      time.setDate(time.getDate() + days);
      return time.toISOString();
    };
    put({ responder_id: text("responder_id"), starts_at: at(text("starts"), 0), ends_at: at(text("ends"), text("ends") <= text("starts") ? 1 : 0) });
  };
  return html`
    <form class="roster-form" @submit=${send}>
      ${whoField(people)} ${dayField("on", { value: today, least: today, required: true })}
      <div class="roster-pair">${hourField("starts", "20:00")} ${hourField("ends", "08:00")}</div>
      <button class="button primary" ?disabled=${busy}>${icon("plus")}<span>${t("roster.add")}</span></button>
    </form>
  `;
}
