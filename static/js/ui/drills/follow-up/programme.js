// The yearly programme: which drills there were and will be, and for whom the next is due when.

import { showDrill, showDrills, showProgramme } from "../../../actions/map/navigation.js";
import { errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { icon } from "../../components/icon.js";
import { listRow } from "../../components/list-row.js";
import { viewHeader } from "../../components/view-header.js";
import { segments } from "../../components/fields.js";
import { partnersOf, dayWords } from "../../../state/drills/drill-words.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/findings.js").Duty} Duty
 */

/** responder/domain/drills/programme.py: key units, others. */
const HALF_YEARLY = 182;
const YEARLY = 365;

/**
 * @param {Model} model
 * @param {Extract<import("../../../types/page.js").View, { name: "programme" }>} view
 * @returns {import("../../../types/page.js").PanelView}
 */
export function programmeView(model, { year, everyDays }) {
  const { status, value, error } = model.loaded.drillProgramme;
  const shown = value?.year ?? year ?? null;
  const body = html`
    ${viewHeader(t("programme.title"), { symbol: "calendar", back: () => showDrills() })}
    ${status === "loading" && !value ? html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>` : nothing}
    ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
    ${segments(t("programme.every"), String(everyDays), [[String(HALF_YEARLY), t("programme.half_yearly")], [String(YEARLY), t("programme.yearly")]], (days) => showProgramme({ year, everyDays: Number(days) }))}
    ${value ? duty(value.circle, value.every_days) : nothing}
    ${shown === null
      ? nothing
      : html`<div class="year">
          <button class="square" aria-label=${t("programme.before")} @click=${() => showProgramme({ year: shown - 1, everyDays })}>${icon("back")}</button>
          <h3>${t("programme.of_year", { year: String(shown), n: value?.drills.length ?? 0 })}</h3>
          <button class="square" aria-label=${t("programme.after")} @click=${() => showProgramme({ year: shown + 1, everyDays })}>${icon("forward")}</button>
        </div>`}
    <div>${(value?.drills ?? []).map((each) => row(each, model))}</div>
    ${value && value.partners.length > 0 ? partners(value.partners, model) : nothing}
    <p class="muted">${t("programme.rules")}</p>
  `;
  return { body };
}

/**
 * @param {Duty} duty
 * @param {number} days
 */
const duty = ({ last_on, due_on, is_overdue, planned_on }, days) => html`
  <section class=${is_overdue ? "still" : "duty"}>
    ${icon(is_overdue ? "warning" : "check")}
    <div>
      <strong>${due_on === null ? t("programme.never") : t(is_overdue ? "programme.overdue" : "programme.due", { day: dayWords(due_on) })}</strong>
      <p>${last_on ? t("programme.last", { day: dayWords(last_on), n: days }) : nothing} ${planned_on ? t("programme.planned", { day: dayWords(planned_on) }) : t("programme.not_planned")}</p>
    </div>
  </section>
`;

/**
 * @param {import("../../../types/findings.js").DrillRecord} drill
 * @param {Model} model
 */
function row(drill, model) {
  const who = drill.took_part.length > 0 ? partnersOf(model, drill.took_part).map(([, name]) => name).join(t("programme.and")) : "";
  const isOver = drill.state === "ended";
  const facts = [
    drill.on ? dayWords(drill.on) : t("drills.no_date"),
    t(`drills.mode_${drill.mode}`),
    t(drill.is_announced ? "programme.announced" : "programme.not_announced"),
    isOver ? t("programme.observed", { n: drill.observations }) : "",
    drill.findings > 0 ? t("programme.findings", { n: drill.findings, open: drill.open_findings }) : "",
  ];
  const aside = html`<span class="drill-state" data-state=${drill.state}>${t(`drills.state_${drill.state}`)}</span>`;
  const below = html`${facts.filter(Boolean).join(" · ")}${who ? html`<br />${t("programme.took_part", { who })}` : nothing}`;
  return listRow(drill.mode === "tabletop" ? "people" : "drill", drill.name, { below, aside, act: () => showDrill(drill.id) });
}

/**
 * @param {readonly Duty[]} duties
 * @param {Model} model
 */
const partners = (duties, model) => html`
  <h3>${t("programme.by_partner")}</h3>
  <table class="programme">
    <thead>
      <tr><th scope="col">${t("programme.partner")}</th><th scope="col">${t("programme.last_on")}</th><th scope="col">${t("programme.due_on")}</th></tr>
    </thead>
    <tbody>
      ${duties.map(
        ({ partner_id, last_on, due_on, is_overdue }) => html`<tr ?data-late=${is_overdue}>
          <th scope="row">${partner_id ? (partnersOf(model, [partner_id])[0]?.[1] ?? "") : ""}</th>
          <td>${last_on ? dayWords(last_on) : t("programme.none_yet")}</td>
          <td>${is_overdue ? icon("warning") : nothing}${due_on ? dayWords(due_on) : t("programme.now")}</td>
        </tr>`,
      )}
    </tbody>
  </table>
`;
