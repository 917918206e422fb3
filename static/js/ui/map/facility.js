// A shared facility: what it is, whose, where it is found, whether it can be used, and when it was inspected.

import { showRegister } from "../../actions/map/navigation.js";
import { now } from "../../lib/clock.js";
import { dayAndTime } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { daysLeft, openingNow, stateWords } from "../../state/things/facilities.js";
import { keyHolders } from "../components/gate.js";
import { icon } from "../components/icon.js";
import { editRow } from "../components/feature-form.js";
import { listRow } from "../components/list-row.js";
import { removeRow } from "../components/remove-thing.js";
import { viewHeader } from "../components/view-header.js";

/** @typedef {import("../../types/page.js").Facility} Facility */

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
  const words = stateWords(facility, now());
  const body = html`
    ${viewHeader(nameOf(facility) || t(`facility_kind.${facility.kind}`), { symbol: facility.kind, below: t(`facility_kind.${facility.kind}`) })}
    ${words ? html`<p class="problem">${words}</p>` : nothing}
    ${facility.where_to_find ? html`<p>${t("facility.where", { where: facility.where_to_find })}</p>` : nothing}
    ${facility.opening_hours ? html`<p>${hoursWords(facility)}</p>` : nothing}
    ${facility.access_code ? html`<p>${t("facility.code", { code: facility.access_code })}</p>` : nothing}
    ${facility.note ? html`<p class="note">${facility.note}</p>` : nothing} ${keyHolders(facility.holders)}
    ${partner ? html`<p>${t("facility.of", { name: nameOf(partner) })}</p>` : nothing}
    ${partner?.phone ? html`<a class="button" href="tel:${partner.phone}">${icon("phone")}${t("partner.ring", { name: nameOf(partner) })}</a>` : nothing}
    ${may(live.viewer, "inspect_facilities") && facility.state !== "removed"
      ? listRow("check", t("facility.inspect"), { below: inspectionWords(facility), act: () => showRegister("inspection", id) })
      : nothing}
    ${editRow(model, "facilities", id)} ${removeRow(model, "facilities", id)}
  `;
  return { body };
}

/** @param {Facility} facility */
function hoursWords(facility) {
  const next = facility.hours?.changes.find(({ at }) => Date.parse(at) > now());
  const change = next && openingNow(facility, now()) !== "unknown" ? t(next.to === "open" ? "facility.opens_at" : "facility.closes_at", { at: dayAndTime(next.at) }) : null;
  return [t("facility.hours", { hours: facility.opening_hours }), change].filter(Boolean).join(" · ");
}

/** @param {Facility} facility */
export function inspectionWords(facility) {
  const left = daysLeft(facility, now());
  const last = facility.inspected_on ? t("facility.inspected_on", { day: facility.inspected_on }) : t("facility.never_inspected");
  if (left === null) return last;
  const next = left < 0 ? t("facility.overdue", { n: -left }) : left === 0 ? t("facility.due_today") : t("facility.due_in", { n: left });
  return `${last} · ${next}`;
}
