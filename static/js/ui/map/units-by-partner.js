// Who stands ready: partners, how to ring them, and their units.

import { showThing } from "../../actions/map/navigation.js";
import { nameOf, t } from "../../lib/i18n.js";
import { ago } from "../../lib/format.js";
import { html, nothing } from "../../lib/vendor.js";
import { isFresh } from "../../state/positions.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";

/**
 * @param {import("../../types/messages.js").CircleSnapshot} snapshot
 * @param {number} nowMs
 */
export function unitsByPartner({ partners, units, positions }, nowMs) {
  if (units.length === 0) return html`<div class="empty">${icon("people")}<p>${t("overview.no_units")}</p></div>`;
  const onDuty = units.filter((unit) => unit.on_duty).length;
  return html`
    <details class="fold" open>
      <summary>${icon("people")}<span>${t("overview.units", { n: onDuty, total: units.length })}</span></summary>
      ${partners.map((partner) => {
        const own = units.filter((unit) => unit.partner_id === partner.id);
        return html`
          <div class="partner">
            <h3>${nameOf(partner)}</h3>
            ${partner.phone ? html`<a class="square" href="tel:${partner.phone}" aria-label=${t("partner.ring", { name: nameOf(partner) })}>${icon("phone")}</a>` : nothing}
          </div>
          ${own.length === 0 ? html`<p class="muted">${t("partner.no_units")}</p>` : nothing}
          ${own.map((unit) => {
            const position = positions.find((each) => each.unit_id === unit.id) ?? null;
            return listRow(unit.profile, nameOf(unit), {
              below: whereWords(unit, position, nowMs),
              act: () => showThing("unit", unit.id),
            });
          })}
        `;
      })}
    </details>
  `;
}

/**
 * @param {import("../../types/messages.js").Unit} unit
 * @param {import("../../types/messages.js").Position | null} position
 * @param {number} nowMs
 */
export function whereWords(unit, position, nowMs) {
  const people = t("unit_card.people", { n: unit.people });
  if (!unit.on_duty) return `${people} · ${t("unit_card.off_duty")}`;
  if (!position) return `${people} · ${t("unit_card.at_post")}`;
  const age = ago((nowMs - Date.parse(position.at)) / 1000);
  return `${people} · ${t(isFresh(position, nowMs) ? "unit_card.seen_ago" : "unit_card.seen_ago_stale", { ago: age })}`;
}
