// What was said of rows and of a file, in words.

import { number } from "../../lib/format.js";
import { hasWords, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";

/** @typedef {import("../../types/page.js").ImportResult} ImportResult */

const MOST_ROWS_SHOWN = 100;

/**
 * @param {"imports.left_out" | "imports.doubtful" | "imports.would_leave_out" | "imports.would_doubt"} title
 * @param {ImportResult["skipped"]} rows
 */
export function rowList(title, rows) {
  if (rows.length === 0) return nothing;
  return html`
    <h3>${t(title)}</h3>
    <ul class="rows">
      ${rows.slice(0, MOST_ROWS_SHOWN).map(
        ({ row, code, detail }) => html`<li class="row">
          ${icon("warning")}
          <div>
            <strong>${t("imports.row", { n: number(row) })}</strong>
            <small>${rowWords(code)}</small>
            ${detail ? html`<small lang="en"><bdi>${detail}</bdi></small>` : nothing}
          </div>
        </li>`,
      )}
    </ul>
    ${rows.length > MOST_ROWS_SHOWN ? html`<p class="muted">${t("imports.more_rows", { n: number(rows.length - MOST_ROWS_SHOWN) })}</p>` : nothing}
  `;
}

/** @param {ImportResult["notes"]} notes */
export const noteList = (notes) => notes.map(({ code, detail }) => html`<p class="muted">${noteWords(code, detail)}</p>`);

/**
 * Why a row was left out: words of its own, or those of the field and of what is wrong with it.
 * @param {string} code
 */
function rowWords(code) {
  if (hasWords(`import_row.${code}`)) return t(`import_row.${code}`);
  const [, way = "", field = ""] = /^(missing|invalid|unknown)_(.+)$/.exec(code) ?? [];
  if (!hasWords(`import_field.${field}`)) return code;
  return t(`import_way.${way}`, { field: t(`import_field.${field}`) });
}

/**
 * @param {string} code
 * @param {string} detail
 */
function noteWords(code, detail) {
  return hasWords(`import_note.${code}`) ? t(`import_note.${code}`, { detail }) : `${code} ${detail}`;
}
