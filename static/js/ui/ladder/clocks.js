// The clocks of an incident: its marks, each unit expected against actual, and of whom no one comes.

import { number, stopwatch } from "../../lib/format.js";
import { listed } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { arrivalsOf, marksOf, partnersWithoutAnyone } from "../../state/ladder.js";
import { icon } from "../components/icon.js";

/** So long after the alert it is worth saying that a partner has no one on the way, in seconds. */
const WITHOUT_ANYONE_AFTER_S = 30;

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function incidentClocks(detail, { live }, nowMs) {
  if (detail.incident.ended_at !== null) return nothing;
  const partners = live.snapshot?.partners ?? [];
  const sinceS = (nowMs - Date.parse(detail.incident.raised_at)) / 1000;
  const missing = sinceS < WITHOUT_ANYONE_AFTER_S ? [] : partnersWithoutAnyone(detail, partners);
  const marks = marksOf(detail, partners);
  const arrivals = arrivalsOf(detail);
  if (marks.length + arrivals.length + missing.length === 0) return nothing;
  return html`
    <section class="clocks" aria-label=${t("clocks.title")}>
      ${missing.length > 0 ? html`<p class="problem nobody-from" role="status">${icon("people")}${t("clocks.nobody_from", { names: listed(missing.map(nameOf)) })}</p>` : nothing}
      ${marks.length > 0
        ? html`<ol class="marks">
            ${marks.map(({ mark, atS }) => markItem(mark, atS, sinceS))}
          </ol>`
        : nothing}
      ${arrivals.length > 0
        ? html`<ul class="arrivals">
            ${arrivals.map((arrival) => arrivalRow(arrival, Date.parse(detail.incident.raised_at), nowMs))}
          </ul>`
        : nothing}
    </section>
  `;
}

/**
 * @param {import("../../types/messages.js").Mark} mark
 * @param {number | null} atS
 * @param {number} sinceS
 */
function markItem({ after_s, goal }, atS, sinceS) {
  const state = atS !== null ? (atS <= after_s ? "kept" : "late") : sinceS > after_s ? "missed" : "open";
  const words =
    atS !== null
      ? t(`clocks.mark_${state}`, { time: stopwatch(atS) })
      : state === "missed"
        ? t("clocks.mark_missed", { time: stopwatch(sinceS - after_s) })
        : t("clocks.mark_open", { time: stopwatch(Math.ceil(after_s - sinceS)) });
  return html`
    <li data-state=${state}>
      <strong>${t("unit.minutes", { n: number(after_s / 60) })}</strong>
      <span>${t(`goal.${goal}`)}</span>
      <small>${words}</small>
    </li>
  `;
}

/**
 * @param {import("../../state/ladder.js").Arrival} arrival
 * @param {number} raisedMs
 * @param {number} nowMs
 */
function arrivalRow({ member, dueMs, arrivedMs }, raisedMs, nowMs) {
  const dueS = (dueMs - raisedMs) / 1000;
  const lateS = ((arrivedMs ?? nowMs) - dueMs) / 1000;
  const state = arrivedMs !== null ? "there" : lateS > 0 ? "late" : "coming";
  const words =
    arrivedMs !== null
      ? t("clocks.arrived", { time: stopwatch((arrivedMs - raisedMs) / 1000) })
      : lateS > 0
        ? t("clocks.late_by", { time: stopwatch(lateS) })
        : t("clocks.in", { time: stopwatch(Math.ceil(-lateS)) });
  return html`
    <li data-state=${state}>
      <strong>${nameOf({ name: member.unit_name, name_en: member.unit_name_en })}</strong>
      <span>${t("clocks.expected", { time: stopwatch(dueS) })}</span>
      <small>${words}</small>
    </li>
  `;
}
