// For a person who is called: how long, how far, by which way.

import { distance, number, wholeMinutes } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { goWith } from "../../actions/incident/answer-alert.js";
import { ownUnitId, unitIds } from "../../state/called-units.js";
import { myState, rank } from "../../state/selectors.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { gatesToPass } from "../components/gate.js";
import { why } from "./responder-list.js";

/** Pictogram of a leg. */
const MODE_ICONS = /** @type {Readonly<Record<string, string>>} */ ({ walk: "foot", ride: "ebike", drive: "car" });

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/messages.js").Delivery} call
 * @param {import("../../types/page.js").Model} model
 */
export function myAssignment(detail, call, model) {
  const unitId = ownUnitId(model, call);
  const member = detail.response_circle.members.find((each) => each.unit_id === unitId);
  if (!member) return html`${unitChoice(detail, call, model)}<p class="problem">${t("my_assignment.not_in_reach")}</p>`;
  const total = member.legs.reduce((sum, leg) => sum + leg.distance_m, 0);
  return html`
    <section class="my-assignment" aria-label=${t("my_assignment.title")}>
      ${unitChoice(detail, call, model)}
      <p class="my-numbers">
        <span><strong>${number(wholeMinutes(member.response_s))}</strong> ${t("unit.minutes_short")}</span>
        <span><strong>${distance(total)}</strong></span>
      </p>
      <ol class="legs">
        ${member.legs.map(
          (leg, i) => html`
            <li>
              ${icon(leg.mode === "drive" ? member.profile : (MODE_ICONS[leg.mode] ?? "foot"))}
              <span>
                <strong>${t(`mode.${leg.mode}`)} ${distance(leg.distance_m)}</strong>
                <small>${leg.street_names.join(" → ") || t("member.unnamed_lanes")}</small>
              </span>
            </li>
            ${member.stop && i === 0 && member.legs.length > 1 ? html`<li class="stop">${icon("barrier")}<span>${stopWords(member.stop)}</span></li>` : nothing}
          `,
        )}
      </ol>
      ${gatesToPass(model, member)}
      <p class="muted">${why(member)} · ${member.position_age_s === null ? t("member.from_post") : t("member.from_position", { n: Math.round(member.position_age_s) })}</p>
    </section>
  `;
}

/**
 * A person in several of the units says with which one they come; the quickest, unless they say another.
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/messages.js").Delivery} call
 * @param {import("../../types/page.js").Model} model
 */
function unitChoice(detail, call, model) {
  const state = myState(detail, model.live.viewer, model.outbox) ?? call.state;
  const { members, non_members } = detail.response_circle;
  const units = [...members, ...non_members].filter(({ unit_id }) => unitIds(call).includes(unit_id));
  if (units.length < 2 || ["declined", "withdrawn", "released"].includes(state)) return nothing;
  const chosen = ownUnitId(model, call);
  return html`
    <label class="go-with">
      <span>${t(rank(state) < rank("accepted") ? "my_assignment.go_with" : "my_assignment.goes_with")}</span>
      <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ { currentTarget }) => goWith(detail.incident.id, currentTarget.value)}>
        ${units.map((unit) => html`<option value=${unit.unit_id} .selected=${unit.unit_id === chosen}>${unitWords(unit)}</option>`)}
      </select>
    </label>
  `;
}

/** @param {import("../../types/messages.js").Member | import("../../types/messages.js").NonMember} unit */
function unitWords(unit) {
  const name = nameOf({ name: unit.unit_name, name_en: unit.unit_name_en });
  return "response_s" in unit ? t("my_assignment.unit_minutes", { name, n: wholeMinutes(unit.response_s) }) : name;
}

/** @param {import("../../types/messages.js").VehicleStop} stop */
function stopWords({ reason, have, need }) {
  if (have !== null && need !== null) {
    return t(`stop.${reason}_measured`, { have: number(have, { maximumFractionDigits: 1 }), need: number(need, { maximumFractionDigits: 1 }) });
  }
  return t(`stop.${reason}`);
}
