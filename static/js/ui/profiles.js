// About the times: how fast, wide and high each way of moving is taken to be, and where the figures come from.

import { errorWords } from "../errors.js";
import { dayAndTime, number } from "../format.js";
import { hasWords, t } from "../i18n.js";
import { html, nothing } from "../vendor.js";
import { icon } from "./icon.js";
import { PROFILES } from "./legend.js";
import { viewHeader } from "./view-header.js";

/**
 * @typedef {import("../reach.js").ShownProfiles} ShownProfiles
 * @typedef {import("../reach.js").ProfileRow} ProfileRow
 */

/** Classes of road that tell most of how fast somebody is. */
const ROADS = Object.freeze(["primary", "residential", "alley"]);

/**
 * @param {import("../types.js").Model} model
 * @returns {import("./panel.js").PanelView}
 */
export function profilesView({ study }) {
  const { status, value, error } = study.profiles;
  const body = html`
    ${viewHeader(t("times.title"), { symbol: "clock", below: value ? origin(value) : nothing })}
    <p>${t("times.what")}</p>
    ${status === "loading" ? html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>` : nothing}
    ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
    ${value ? PROFILES.map((name) => profile(name, value)) : nothing}
    ${value ? standings() : nothing}
  `;
  return { body };
}

/** @param {ShownProfiles} shown */
function origin({ own, set_by_name, set_at }) {
  if (!own) return t("times.shipped");
  return t("times.own", { name: set_by_name ?? "", time: set_at ? dayAndTime(set_at) : "" });
}

/**
 * @param {string} name
 * @param {ShownProfiles} shown
 */
function profile(name, shown) {
  const row = shown.table.profiles[name];
  if (!row) return nothing;
  const speed = (/** @type {string} */ road) => number(row.speeds_kph[road] ?? row.speeds_kph["default"] ?? 0);
  const factor = Math.max(1, ...(row.peaks ?? []).map((peak) => peak.factor));
  return html`
    <details class="fold">
      <summary>${icon(name)}<span>${t(`profile.${name}`)}</span></summary>
      <dl class="figures">
        ${figure("speeds_kph", name === "foot" ? t("times.kph", { n: speed("default") }) : ROADS.map((road) => t(`times.on_${road}`, { n: speed(road) })).join(" · "), row, shown)}
        ${figure("clear_width_m", t("times.metres", { n: number(row.clear_width_m) }), row, shown)}
        ${figure("clear_height_m", t("times.metres", { n: number(row.clear_height_m) }), row, shown)}
        ${figure("weight_t", t("times.tonnes", { n: number(row.weight_t) }), row, shown)}
        ${row.dismount_s ? figure("dismount_s", t("unit.seconds", { n: number(row.dismount_s) }), row, shown) : nothing}
        ${factor > 1 ? figure("peaks", t("times.peak", { factor: number(factor) }), row, shown) : nothing}
      </dl>
    </details>
  `;
}

/**
 * @param {string} field
 * @param {string} value
 * @param {ProfileRow} row
 * @param {ShownProfiles} shown
 */
function figure(field, value, row, { table, own }) {
  const key = row.sources?.[field];
  const source = key === undefined ? undefined : table.sources[key];
  const words = !own && hasWords(`source.${key}`) ? t(`source.${key}`) : source?.text;
  return html`
    <dt>${t(`times.${field}`)}</dt>
    <dd>
      <strong>${value}</strong>
      <small>${source ? t("times.source", { standing: source.standing, text: words ?? "" }) : t("times.no_source")}</small>
    </dd>
  `;
}

const standings = () => html`<p class="muted">${["A", "B", "C"].map((each) => html`${each} ${t(`standing.${each}`)}<br />`)}</p>`;
