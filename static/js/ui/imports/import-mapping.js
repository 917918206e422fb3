// What was understood of a file, and what a person says of its columns.

import { allAre, columnOf, fieldOf, means, readAs } from "./import-columns.js";
import { listed, number } from "../../lib/format.js";
import { hasWords, language, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { noteList, rowList } from "./import-rows.js";

/**
 * @typedef {import("../../types/page.js").ImportMapping} ImportMapping
 * @typedef {import("../../types/page.js").ImportPreview} ImportPreview
 *
 * @typedef {object} How
 * @property {ImportMapping} mapping  as the person has it by now
 * @property {boolean} busy
 * @property {(mapping: ImportMapping) => void} change
 * @property {() => void} again
 * @property {() => void} take
 */

const EXAMPLES = 3;
const ROWS_SHOWN = 3;
/** Where the words of a field's values are. @type {Record<string, string>} */
const WORDS = {
  kind: "facility_kind",
  grade: "hazard_grade",
  state: "hazard_state",
  partner_kind: "partner_kind",
  profile: "profile",
};
/** Fields that are yes or no. */
const FLAGS = ["out_of_service", "on_duty"];

/**
 * @param {ImportPreview} preview
 * @param {How} how
 */
export function mappingEditor(preview, { mapping, busy, change, again, take }) {
  const { created, updated, unchanged, skipped, doubtful, notes } = preview;
  return html`
    <section class="made mapping" aria-labelledby="import-understood">
      <h3 id="import-understood" tabindex="-1">
        ${t("imports.would", { created: number(created), updated: number(updated), unchanged: number(unchanged), skipped: number(skipped.length) })}
      </h3>
      ${noteList(notes)} ${firstRows(preview)} ${columns(preview, mapping, change)} ${meanings(preview, mapping, change)}
      ${sameForAll(preview, mapping, change)} ${identity(preview, mapping, change)}
      <div class="mapping-actions">
        <button class="button" type="button" ?disabled=${busy} @click=${again}>${icon("check")}<span>${t("imports.look_again")}</span></button>
        <button class="button primary" type="button" ?disabled=${busy} @click=${take}>${icon("up")}<span>${t("imports.take")}</span></button>
      </div>
      ${rowList("imports.would_leave_out", skipped)} ${rowList("imports.would_doubt", doubtful)}
    </section>
  `;
}

/** @param {ImportPreview} preview */
function firstRows({ understood, fields, skipped }) {
  return html`
    <ol class="first-rows">
      ${understood.slice(0, ROWS_SHOWN).map((row) => html`<li>${row ? fields.filter((field) => row[field]).map((field) => html`<span>${fieldLabel(field)} <bdi>${valueWords(field, row[field])}</bdi></span>`) : t("imports.row_left_out")}</li>`)}
    </ol>
    ${skipped.length > 0 ? html`<p class="muted">${t("imports.left_out_below")}</p>` : nothing}
  `;
}

/**
 * @param {ImportPreview} preview
 * @param {ImportMapping} mapping
 * @param {How["change"]} change
 */
function columns(preview, mapping, change) {
  return html`
    <fieldset class="mapping-table">
      <legend>${t("imports.columns")}</legend>
      ${preview.columns.map((column) => {
        const examples = [...new Set(preview.rows.map((row) => row[column] ?? "").filter(Boolean))].slice(0, EXAMPLES);
        return choice({
          name: column,
          below: listed(examples),
          value: fieldOf(preview, mapping, column),
          options: [["", t("imports.not_read")], ...preview.fields.map((field) => [field, fieldLabel(field)])],
          act: (field) => change(readAs(preview, mapping, column, field)),
        });
      })}
    </fieldset>
  `;
}

/**
 * What stands in the columns of fields that have a list of their own.
 * @param {ImportPreview} preview
 * @param {ImportMapping} mapping
 * @param {How["change"]} change
 */
function meanings(preview, mapping, change) {
  return Object.entries(preview.choices).map(([field, allowed]) => {
    const column = columnOf(preview, mapping, field);
    const said = column === undefined ? [] : (preview.values[column] ?? []);
    if (said.length === 0) return nothing;
    return html`
      <fieldset class="mapping-table">
        <legend>${t("imports.meanings", { column: column ?? "", field: fieldWords(field) })}</legend>
        ${said.map((each) =>
          choice({
            name: each,
            value: mapping.values[field]?.[each] ?? "",
            options: [["", t("imports.as_it_stands")], ...allowed.map((value) => [value, valueWords(field, value)])],
            act: (meaning) => change(means(mapping, field, each, meaning)),
          }),
        )}
      </fieldset>
    `;
  });
}

/**
 * Fields that no column is read as.
 * @param {ImportPreview} preview
 * @param {ImportMapping} mapping
 * @param {How["change"]} change
 */
function sameForAll(preview, mapping, change) {
  const without = preview.fields.filter((field) => columnOf(preview, mapping, field) === undefined);
  return html`
    <fieldset class="mapping-table">
      <legend>${t("imports.same_for_all")}</legend>
      ${without.map((field) => {
        const value = mapping.fixed[field] ?? "";
        const act = (/** @type {string} */ said) => change(allAre(mapping, field, said));
        const allowed = preview.choices[field];
        if (allowed) {
          const options = [["", t("imports.not_said")], ...allowed.map((each) => [each, valueWords(field, each)])];
          return choice({ name: fieldLabel(field), value, options, act });
        }
        return html`<label>
          <span>${fieldLabel(field)}</span>
          <input maxlength="2000" autocomplete="off" .value=${value} @change=${(/** @type {Event} */ event) => act(/** @type {HTMLInputElement} */ (event.target).value.trim())} />
        </label>`;
      })}
    </fieldset>
  `;
}

/**
 * @param {ImportPreview} preview
 * @param {ImportMapping} mapping
 * @param {How["change"]} change
 */
const identity = (preview, mapping, change) => html`
  <div class="mapping-table">
    ${choice({
      name: t("imports.identity"),
      below: t("imports.identity_hint"),
      value: mapping.identity ?? "",
      options: [["", t("imports.no_identity")], ...preview.columns.map((column) => [column, column])],
      act: (column) => change({ ...mapping, identity: column || null }),
    })}
  </div>
`;

/**
 * @param {{ name: string, below?: string, value: string, options: string[][], act: (value: string) => void }} what
 */
const choice = ({ name, below, value, options, act }) => html`
  <label>
    <span><bdi>${name}</bdi>${below ? html`<small class="muted"><bdi>${below}</bdi></small>` : nothing}</span>
    <select @change=${(/** @type {Event} */ event) => act(/** @type {HTMLSelectElement} */ (event.target).value)}>
      ${options.map(([each, words]) => html`<option value=${each} .selected=${each === value}>${words}</option>`)}
    </select>
  </label>
`;

/**
 * A field where its name stands alone, and not in a sentence.
 * @param {string} field
 */
function fieldLabel(field) {
  const words = fieldWords(field);
  return words.charAt(0).toLocaleUpperCase(language()) + words.slice(1);
}

/** @param {string} field */
const fieldWords = (field) => (hasWords(`import_field.${field}`) ? t(`import_field.${field}`) : field);

/**
 * @param {string} field
 * @param {unknown} value
 */
function valueWords(field, value) {
  if (FLAGS.includes(field) && [true, false, "yes", "no"].includes(/** @type {any} */ (value))) {
    return t(`imports.flag_${value === true || value === "yes" ? "yes" : "no"}`);
  }
  const key = `${WORDS[field]}.${value}`;
  return hasWords(key) ? t(key) : String(value);
}
