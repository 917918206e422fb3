// What, when, how long, who, and what is told beforehand.

import { duration } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { kindName, offeredKinds } from "../../state/kinds.js";
import { choiceField, numberField, problemBelow, segments, textField, whom } from "../components/fields.js";
import { partnersOf } from "../../state/drills/drill-words.js";

/**
 * Open while the most important of it is missing.
 * @param {import("../components/fields.js").Editing} editing
 * @param {import("../../types/drills.js").Drill | null} saved
 */
export function basics({ model, plan, edit, why }, saved) {
  const put = (/** @type {Partial<import("../../types/drills.js").DrillPlan>} */ change) => edit((now) => ({ ...now, ...change }));
  const codes = offeredKinds(model).map(({ code }) => code);
  const kinds = [...new Set([plan.kind, ...codes])].map((code) => /** @type {const} */ ([code, kindName(code, model)]));
  return html`
    <details class="fold" ?open=${saved?.plan.starts_at === null} data-part="basics">
      <summary><span>${t("drills.basics")}<small>${t(`drills.mode_${plan.mode}`)} · ${kindName(plan.kind, model)} · ${duration(plan.duration_s)}</small></span></summary>
      ${textField(t("drills.name"), plan.name, (name) => put({ name }), { longest: 64, required: true, why: why("name") })}
      <div class="two">
        <label class="field" ?data-wrong=${why("starts_at")}
          ><span>${t("drills.starts_at")}</span
          ><input type="datetime-local" .value=${localOf(plan.starts_at)} @change=${(/** @type {Event} */ event) => put({ starts_at: instantOf(/** @type {HTMLInputElement} */ (event.target).value) })} />${problemBelow(why("starts_at"))}</label
        >
        ${numberField(t("drills.minutes"), Math.round(plan.duration_s / 60), (minutes) => put({ duration_s: 60 * (minutes ?? 1) }), { least: 1, most: 1440, why: why("duration_s") })}
      </div>
      ${segments(t("drills.mode"), plan.mode, [["field", t("drills.mode_field")], ["tabletop", t("drills.mode_tabletop")]], (mode) => put({ mode }))}
      <p class="muted">${t(`drills.mode_${plan.mode}_means`)}</p>
      ${choiceField(t("drills.kind"), plan.kind, kinds, (kind) => put({ kind }), why("kind"))}
      ${whom(t("drills.partners"), plan.partner_ids, partnersOf(model), (partner_ids) => put({ partner_ids, injects: forParticipants(plan.injects, partner_ids) }), why("partner_ids"))}
      ${textField(t("drills.scenario"), plan.scenario, (scenario) => put({ scenario }), { longest: 2000, rows: 4, hint: t("drills.scenario_hint"), why: why("scenario") })}
      ${textField(t("drills.notice"), plan.notice, (notice) => put({ notice }), { longest: 2000, rows: 3, hint: t("drills.notice_hint"), why: why("notice") })}
    </details>
  `;
}

/**
 * Who takes no part any more is told nothing either; an inject that was for them alone is left for the planner to see.
 * @param {readonly import("../../types/drills.js").Inject[]} injects
 * @param {readonly string[]} partnerIds  empty is everyone
 */
const forParticipants = (injects, partnerIds) =>
  injects.map((inject) => {
    const left = inject.partner_ids.filter((id) => partnerIds.length === 0 || partnerIds.includes(id));
    return left.length > 0 ? { ...inject, partner_ids: left } : inject;
  });

/**
 * @param {string | null} instant
 * @returns {string} as a field of date and time has it, in the device's time
 */
function localOf(instant) {
  if (!instant) return "";
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {string} local */
const instantOf = (local) => (local ? new Date(local).toISOString() : null);
