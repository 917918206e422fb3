// Units that can be there in time, soonest first, each with its reason; a tap draws its way.

import { focusUnit } from "../../actions/map/navigation.js";
import { distance, number, wholeMinutes } from "../../lib/format.js";
import { language, nameOf, t } from "../../lib/i18n.js";
import { comeWith, unitState } from "../../state/called-units.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { stateChip } from "../components/state-chip.js";

/** @typedef {import("../../types/messages.js").Member} Member */

/**
 * @param {readonly Member[]} members
 * @param {object} how
 * @param {string | null} how.focusedUnitId
 * @param {readonly import("../../types/messages.js").Delivery[]} how.deliveries
 * @param {readonly import("../../types/messages.js").Delivery[]} [how.missing]  calls that have not reached their people
 * @param {ReadonlySet<string>} [how.unrecorded]  units of which no one could be called
 * @param {Readonly<Record<string, number>>} [how.people]  how many of each unit a call would reach, before it is made
 * @param {import("../../types/page.js").CircleState} how.live
 */
export const memberRows = (members, { focusedUnitId, deliveries, missing = [], unrecorded = new Set(), people = {}, live }) => html`
  <ol class="members">
    ${members.map((member) => {
      const focused = member.unit_id === focusedUnitId;
      const state = nobodyReached(deliveries, missing, member.unit_id) ? "missing" : unitState(deliveries, member.unit_id);
      const partner = live.snapshot?.partners.find(({ id }) => id === member.partner_id);
      const alone = unrecorded.has(member.unit_id);
      const elsewhere = namesOf(members, comeWith(deliveries, member.unit_id));
      const own = member.partner_id === live.viewer?.partner_id;
      return html`
        <li data-focused=${focused} ?data-unrecorded=${alone}>
          <button class="member" aria-pressed=${focused} @click=${() => focusUnit(member.unit_id)}>
            <span class="minutes"><strong>${number(wholeMinutes(member.response_s))}</strong><small>${t("unit.minutes_short")}</small></span>
            <span class="member-words">
              <strong>${icon(member.profile)} ${nameOf({ name: member.unit_name, name_en: member.unit_name_en })}${own ? html`<span class="own">${t("member.own")}</span>` : nothing}</strong>
              ${alone ? html`<small class="unrecorded">${icon("phone")}${t("member.unrecorded")}</small>` : nothing}
              ${elsewhere ? html`<small class="elsewhere">${icon("people")}${t("member.come_with", { units: elsewhere })}</small>` : nothing}
              ${people[member.unit_id] ? html`<small>${t("member.people", { n: number(people[member.unit_id] ?? 0) })}</small>` : nothing}
              <small>${why(member)}</small>
              ${focused ? details(member) : nothing}
            </span>
            ${state ? stateChip(state) : nothing}
          </button>
          ${(focused || alone) && partner?.phone ? html`<a class="button" href="tel:${partner.phone}">${icon("phone")}${t("partner.ring", { name: nameOf(partner) })}</a>` : nothing}
        </li>
      `;
    })}
  </ol>
`;

/**
 * @param {readonly Member[]} members
 * @param {readonly string[]} unitIds
 */
function namesOf(members, unitIds) {
  const named = members.filter((member) => unitIds.includes(member.unit_id));
  return named.map((member) => nameOf({ name: member.unit_name, name_en: member.unit_name_en })).join(t("people.and"));
}

/**
 * @param {readonly import("../../types/messages.js").Delivery[]} deliveries
 * @param {readonly import("../../types/messages.js").Delivery[]} missing
 * @param {string} unitId
 */
function nobodyReached(deliveries, missing, unitId) {
  const told = deliveries.filter((delivery) => delivery.unit_id === unitId);
  return told.length > 0 && told.every((delivery) => missing.includes(delivery));
}

/** @param {Member} member */
export const why = ({ why_zh, why_en }) => (language() === "en" ? why_en : why_zh);

/** @param {Member} member */
function details({ position_age_s, default_share, legs }) {
  const lanes = [...new Set(legs.flatMap((leg) => leg.street_names))];
  const total = legs.reduce((sum, leg) => sum + leg.distance_m, 0);
  return html`
    <small>${t("member.way", { distance: distance(total), lanes: lanes.join(" → ") || t("member.unnamed_lanes") })}</small>
    <small>${position_age_s === null ? t("member.from_post") : t("member.from_position", { n: Math.round(position_age_s) })}</small>
    ${default_share > 0.05 ? html`<small>${t("member.default_share", { share: number(default_share, { style: "percent" }) })}</small>` : nothing}
  `;
}

/**
 * @param {readonly import("../../types/messages.js").NonMember[]} nonMembers
 * @param {{ unfolded?: boolean }} [how]
 */
export function nonMemberRows(nonMembers, { unfolded = false } = {}) {
  if (nonMembers.length === 0) return nothing;
  return html`
    <details class="fold" ?open=${unfolded}>
      <summary><span>${t("reach.not_called", { n: nonMembers.length })}</span></summary>
      <ul class="plain">
        ${nonMembers.map(
          (unit) => html`<li>
            <strong>${nameOf({ name: unit.unit_name, name_en: unit.unit_name_en })}</strong> <small>${t(`not_reached.${unit.reason}`)}</small>
          </li>`,
        )}
      </ul>
    </details>
  `;
}
