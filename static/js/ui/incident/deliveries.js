// Who has been told, by name; those not reached come first.

import { ago } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { calls, notReached, rank } from "../../state/selectors.js";
import { icon } from "../components/icon.js";
import { stateChip } from "../components/state-chip.js";

/** @typedef {import("../../types/messages.js").Delivery} Delivery */

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function deliveryList(detail, { live }, nowMs) {
  const missing = new Set(notReached(detail, nowMs));
  const all = calls(detail).sort((a, b) => Number(missing.has(b)) - Number(missing.has(a)) || rank(b.state) - rank(a.state));
  const gone = all.some(({ state }) => state === "withdrawn");
  if (all.length === 0) return nothing;
  const unitNames = new Map(detail.response_circle.members.map((member) => [member.unit_id, nameOf({ name: member.unit_name, name_en: member.unit_name_en })]));
  const partners = new Map((live.snapshot?.partners ?? []).map((partner) => [partner.id, partner]));
  return html`
    <details class="fold deliveries" ?open=${missing.size > 0 || gone}>
      <summary>
        ${icon("people")}
        <span>${t("deliveries.title", { n: all.length })}${missing.size > 0 ? html` <strong class="missing">${t("deliveries.missing", { n: missing.size })}</strong>` : nothing}</span>
      </summary>
      <ul class="plain">
        ${all.map(
          (delivery) => html`
            <li data-missing=${missing.has(delivery)}>
              <span><strong>${delivery.recipient_name}</strong><small>${unitNames.get(delivery.unit_id) ?? ""}</small></span>
              <small>${lastChange(delivery, nowMs)}</small>
              ${missing.has(delivery) ? notReachedChip(partners.get(delivery.partner_id)) : stateChip(delivery.state)}
            </li>
          `,
        )}
      </ul>
    </details>
  `;
}

/**
 * A person whose phone says nothing may still be told by ringing their organisation.
 * @param {import("../../types/messages.js").Partner | undefined} partner
 */
function notReachedChip(partner) {
  const ring = partner?.phone
    ? html`<a class="square" href="tel:${partner.phone}" aria-label=${t("partner.ring", { name: nameOf(partner) })}>${icon("phone")}</a>`
    : nothing;
  return html`<span class="state" data-state="missing">${t("state.missing")}</span>${ring}`;
}

/**
 * @param {Delivery} delivery
 * @param {number} nowMs
 */
function lastChange({ times, state }, nowMs) {
  const at = times[state];
  return at ? ago((nowMs - Date.parse(at)) / 1000) : "";
}
