// Fields of a form: each with its words, and what is wrong with it beneath.

import { stopwatch } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { parseClock } from "../../state/drills/plan.js";
import { icon } from "./icon.js";

/**
 * @typedef {object} Editing
 * @property {import("../../types/page.js").Model} model
 * @property {string} id  of the drill
 * @property {import("../../types/drills.js").DrillPlan} plan
 * @property {(change: (plan: import("../../types/drills.js").DrillPlan) => import("../../types/drills.js").DrillPlan) => void} edit
 * @property {(field: string) => string | null} why  what is wrong there
 */

/** @param {string | null} words */
export const problemBelow = (words) => (words ? html`<span class="wrong" role="alert">${icon("warning")}${words}</span>` : nothing);

/**
 * @param {string} words
 * @param {string} value
 * @param {(value: string) => void} put
 * @param {{ longest: number, why?: string | null, required?: boolean, rows?: number, hint?: string }} how
 */
export function textField(words, value, put, { longest, why = null, required = false, rows = 0, hint = "" }) {
  const input = (/** @type {Event} */ event) => put(/** @type {HTMLInputElement} */ (event.target).value);
  return html`<label class="field" ?data-wrong=${why}
    ><span>${words}</span
    >${rows
      ? html`<textarea rows=${rows} maxlength=${longest} placeholder=${hint} ?required=${required} .value=${value} @input=${input}></textarea>`
      : html`<input maxlength=${longest} autocomplete="off" placeholder=${hint} ?required=${required} .value=${value} @input=${input} />`}${problemBelow(why)}</label
  >`;
}

/**
 * Minutes and seconds. What is none stays in the field, marked, and is not taken.
 * @param {string} words
 * @param {number} seconds
 * @param {(seconds: number) => void} put
 * @param {string | null} [why]
 */
export function clockField(words, seconds, put, why = null) {
  const input = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const typed = parseClock(field.value);
    field.setCustomValidity(typed === null ? t("drills.clock_form") : "");
    if (typed !== null) put(typed);
  };
  return html`<label class="field clock" ?data-wrong=${why}
    ><span>${words}</span
    ><input maxlength="9" autocomplete="off" placeholder="0:00" .value=${stopwatch(seconds)} @change=${input} />${problemBelow(why)}</label
  >`;
}

/**
 * @param {string} words
 * @param {number | null} value
 * @param {(value: number | null) => void} put
 * @param {{ least: number, most: number, required?: boolean, step?: number, why?: string | null }} how
 */
export function numberField(words, value, put, { least, most, required = true, step = 1, why = null }) {
  const input = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (field.value === "" && !required) put(null);
    else if (field.checkValidity()) put(Number(field.value));
  };
  return html`<label class="field short" ?data-wrong=${why}
    ><span>${words}</span
    ><input type="number" min=${least} max=${most} step=${step} ?required=${required} .value=${value === null ? "" : String(value)} @change=${input} />${problemBelow(why)}</label
  >`;
}

/**
 * @template {string} T
 * @param {string} words
 * @param {T} value
 * @param {readonly (readonly [T, string])[]} all  each with its words
 * @param {(value: T) => void} put
 * @param {string | null} [why]
 */
export function choiceField(words, value, all, put, why = null) {
  return html`<label class="field" ?data-wrong=${why}
    ><span>${words}</span
    ><select @change=${(/** @type {Event} */ event) => put(/** @type {T} */ (/** @type {HTMLSelectElement} */ (event.target).value))}>
      ${all.map(([each, its]) => html`<option value=${each} ?selected=${each === value} .selected=${each === value}>${its}</option>`)}</select
    >${problemBelow(why)}</label
  >`;
}

/**
 * @template {string} T
 * @param {string} words
 * @param {T} value
 * @param {readonly (readonly [T, string])[]} all
 * @param {(value: T) => void} put
 */
export const segments = (words, value, all, put) => html`
  <fieldset class="segments">
    <legend>${words}</legend>
    ${all.map(([each, its]) => html`<button type="button" aria-pressed=${each === value} @click=${() => put(each)}>${its}</button>`)}
  </fieldset>
`;

/**
 * @param {string} words
 * @param {readonly string[]} chosen  ids; none is all
 * @param {readonly (readonly [string, string])[]} all
 * @param {(ids: string[]) => void} put
 * @param {string | null} [why]
 */
export function whom(words, chosen, all, put, why = null) {
  const is = (/** @type {string} */ id) => chosen.length === 0 || chosen.includes(id);
  const turn = (/** @type {string} */ id) => {
    const next = all.map(([each]) => each).filter((each) => (each === id) !== is(each));
    // None would be all again: the last one stays.
    if (next.length > 0) put(next.length === all.length ? [] : next);
    return next.length > 0;
  };
  return html`
    <fieldset class="whom" ?data-wrong=${why}>
      <legend>${words}</legend>
      ${all.map(
        ([id, its]) => html`<label class="choice"
          ><input
            type="checkbox"
            .checked=${is(id)}
            @change=${(/** @type {Event} */ event) => {
              if (!turn(id)) /** @type {HTMLInputElement} */ (event.target).checked = true;
            }}
          /><span>${its}</span></label
        >`,
      )}
      ${problemBelow(why)}
    </fieldset>
  `;
}
