// For whoever is called: how long, how far, by which way.

import { distance, number, wholeMinutes } from "../format.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor.js";
import { icon } from "./icon.js";
import { why } from "./members.js";

/** Pictogram of a leg. */
const MODE_ICONS = /** @type {Readonly<Record<string, string>>} */ ({ walk: "foot", ride: "ebike", drive: "car" });

/**
 * @param {import("../messages.js").IncidentPicture} picture
 * @param {import("../messages.js").Delivery} call
 */
export function myPart(picture, call) {
  const member = picture.response_circle.members.find((each) => each.unit_id === call.unit_id);
  if (!member) return html`<p class="problem">${t("my_part.not_in_reach")}</p>`;
  const total = member.legs.reduce((sum, leg) => sum + leg.distance_m, 0);
  return html`
    <section class="my-part" aria-label=${t("my_part.title")}>
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
      <p class="muted">${why(member)} · ${member.position_age_s === null ? t("member.from_post") : t("member.from_position", { n: Math.round(member.position_age_s) })}</p>
    </section>
  `;
}

/** @param {import("../messages.js").VehicleStop} stop */
function stopWords({ reason, have, need }) {
  if (have !== null && need !== null) {
    return t(`stop.${reason}_measured`, { have: number(have, { maximumFractionDigits: 1 }), need: number(need, { maximumFractionDigits: 1 }) });
  }
  return t(`stop.${reason}`);
}
