// A shared facility: what it is, whose, and how to get at it.

import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { editRow } from "../components/feature-form.js";
import { removeRow } from "../components/remove-thing.js";
import { viewHeader } from "../components/view-header.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {string} id
 * @returns {import("../../types/page.js").PanelView}
 */
export function facilityView(model, id) {
  const { loaded, live } = model;
  const facility = loaded.facilities.value?.find((each) => each.id === id);
  if (!facility) return { body: html`${viewHeader(t("facility.title"))}<p class="muted">${t("facility.gone")}</p>` };
  const partner = live.snapshot?.partners.find((each) => each.id === facility.partner_id);
  const body = html`
    ${viewHeader(nameOf(facility), { symbol: facility.kind, below: t(`facility_kind.${facility.kind}`) })}
    ${facility.out_of_service ? html`<p class="problem">${t("facility.out_of_service")}</p>` : nothing}
    ${facility.note ? html`<p class="note">${facility.note}</p>` : nothing}
    ${partner ? html`<p>${t("facility.of", { name: nameOf(partner) })}</p>` : nothing}
    ${partner?.phone ? html`<a class="button" href="tel:${partner.phone}">${icon("phone")}${t("partner.ring", { name: nameOf(partner) })}</a>` : nothing}
    ${editRow(model, "facilities", id)} ${removeRow(model, "facilities", id)}
  `;
  return { body };
}
