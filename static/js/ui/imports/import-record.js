// One file that was taken into the circle, and removing what it brought.

import { dayAndTime, number } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import "../components/confirm-button.js";

/**
 * @typedef {import("../../types/page.js").ImportRecord} ImportRecord
 * @typedef {import("../../types/page.js").Removal} Removal
 */

const MOST_KEPT_SHOWN = 100;

/**
 * @param {ImportRecord} record
 * @param {{ removal: Removal | null, busy: boolean, remove: (edited: boolean) => void }} how
 */
export function importRecord(record, { removal, busy, remove }) {
  const { noun, source, file_name, at, by_name, created, updated, unchanged, skipped, removed_at } = record;
  const what = t(`imports.noun_${noun}`);
  return html`
    <li class="row">
      ${icon("layers")}
      <div>
        <strong><bdi>${source || file_name || what}</bdi></strong>
        <small>${what} · ${dayAndTime(at)} · <bdi>${by_name}</bdi></small>
        ${file_name ? html`<small><bdi>${file_name}</bdi></small>` : nothing}
        <small>${t("imports.result", { created: number(created), updated: number(updated), unchanged: number(unchanged), skipped: number(skipped) })}</small>
        ${removed_at ? html`<small>${t("imports.removed_at", { time: dayAndTime(removed_at) })}</small>` : nothing}
        ${removal ? removed(removal, { busy, remove }) : nothing}
      </div>
      ${removed_at || created === 0
        ? nothing
        : html`<er-confirm-button .words=${t("imports.remove")} .disabled=${busy} .act=${() => remove(false)}></er-confirm-button>`}
    </li>
  `;
}

/**
 * @param {Removal} removal
 * @param {{ busy: boolean, remove: (edited: boolean) => void }} how
 */
function removed({ removed: n, kept, roads_stay }, { busy, remove }) {
  return html`
    <p role="status">${t("imports.removed", { n: number(n), kept: number(kept.length) })}</p>
    ${roads_stay ? html`<p>${t("imports.roads_stay")}</p>` : nothing}
    ${kept
      .slice(0, MOST_KEPT_SHOWN)
      .map(({ name, noun, code }) => html`<small><bdi>${name || t(`imports.noun_${noun}`)}</bdi> · ${t(`import_row.${code}`)}</small>`)}
    ${kept.some(({ code }) => code === "edited_since")
      ? html`<er-confirm-button .words=${t("imports.remove_edited")} .disabled=${busy} .act=${() => remove(true)}></er-confirm-button>`
      : nothing}
  `;
}
