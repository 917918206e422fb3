// Whom nothing has come through to. Staff ring them: each partner with its people and its number.

import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { notReached } from "../../state/selectors.js";
import { icon } from "../components/icon.js";

/** Partners shown at once; what there is to read out must not be pushed off the screen. */
const SHOWN = 3;

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {{ nowMs: number, staff: boolean }} how  only staff are told to ring
 */
export function unreachedContacts(detail, { live }, { nowMs, staff }) {
  const missing = notReached(detail, nowMs);
  if (missing.length === 0) return nothing;
  if (!staff) return html`<p class="problem" role="status">${t("incident.missing_known", { n: missing.length })}</p>`;
  const known = new Map((live.snapshot?.partners ?? []).map((each) => [each.id, each]));
  // Who can be rung by a tap, before who could be there first.
  const rows = partnersOf(detail, missing)
    .sort((a, b) => Number(!known.get(a.id)?.phone) - Number(!known.get(b.id)?.phone))
    .map(({ id, people }) => row(known.get(id), people));
  return html`
    <section class="unreached-contacts" aria-label=${t("incident.missing", { n: missing.length })}>
      <h3 role="status">${icon("phone")}<span>${t("incident.missing", { n: missing.length })}</span></h3>
      ${rows.slice(0, SHOWN)}
      ${rows.length > SHOWN
        ? html`<details class="fold"><summary><span>${t("to_ring.more", { n: rows.length - SHOWN })}</span></summary>${rows.slice(SHOWN)}</details>`
        : nothing}
    </section>
  `;
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {readonly import("../../types/messages.js").Delivery[]} missing
 * @returns {{ id: string, people: string[] }[]} the partner that could be there first comes first
 */
function partnersOf({ response_circle }, missing) {
  const turn = response_circle.members.map((member) => member.partner_id);
  const place = (/** @type {string} */ id) => (turn.includes(id) ? turn.indexOf(id) : turn.length);
  return [...new Set(missing.map((delivery) => delivery.partner_id))]
    .sort((a, b) => place(a) - place(b))
    .map((id) => ({ id, people: missing.filter((delivery) => delivery.partner_id === id).map((delivery) => delivery.recipient_name) }));
}

/**
 * @param {import("../../types/messages.js").Partner | undefined} partner
 * @param {readonly string[]} people
 */
function row(partner, people) {
  const name = partner ? nameOf(partner) : "";
  return html`
    <div class="ring-row">
      <span><strong>${name}</strong><small>${people.join(t("people.and"))}</small></span>
      ${partner?.phone
        ? html`<a class="number strong" href="tel:${partner.phone}" aria-label="${t("partner.ring", { name })} ${partner.phone}">${icon("phone")}${partner.phone}</a>`
        : html`<small class="no-phone">${t("to_ring.no_phone")}</small>`}
    </div>
  `;
}
