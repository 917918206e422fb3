// A unit: how it moves, where it is and how old that is, and whether it is on duty.

import { setDuty } from "../../actions/map/set-duty.js";
import { duration, number } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { capabilityName } from "../incident/wanted.js";
import { icon } from "../components/icon.js";
import { removeRow } from "../components/remove-thing.js";
import { viewHeader } from "../components/view-header.js";
import { whereWords } from "./units-by-partner.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {string} id
 * @param {number} nowMs
 * @returns {import("../../types/page.js").PanelView}
 */
export function unitView(model, id, nowMs) {
  const { live } = model;
  const unit = live.snapshot?.units.find((each) => each.id === id);
  if (!unit) return { body: html`${viewHeader(t("unit_card.title"))}<p class="muted">${t("unit_card.gone")}</p>` };
  const partner = live.snapshot?.partners.find((each) => each.id === unit.partner_id);
  const position = live.snapshot?.positions.find((each) => each.unit_id === id) ?? null;
  const skills = unit.capabilities.map(capabilityName);
  const own = live.viewer?.unit_ids.includes(id) || live.viewer?.role === "coordinator" || live.viewer?.partner_id === unit.partner_id;
  const body = html`
    ${viewHeader(nameOf(unit), { symbol: unit.profile, below: partner ? nameOf(partner) : undefined })}
    <p>${whereWords(unit, position, nowMs)}</p>
    <p>${t(`profile.${unit.profile}`)} · ${t("unit_card.turnout", { time: duration(unit.turnout_s) })}${position ? ` · ${t("unit_card.accuracy", { n: number(Math.round(position.accuracy_m)) })}` : ""}</p>
    ${skills.length > 0 ? html`<p class="tags">${skills.map((each) => html`<span>${each}</span>`)}</p>` : nothing}
    ${partner?.phone ? html`<a class="button" href="tel:${partner.phone}">${icon("phone")}${t("partner.ring", { name: nameOf(partner) })}</a>` : nothing}
    ${removeRow(model, "units", id)}
  `;
  if (!own || !may(live.viewer, "set_duty")) return { body };
  const actions = html`
    <button class="button big" @click=${() => setDuty(unit.id, !unit.on_duty)}>
      ${icon(unit.on_duty ? "close" : "check")}<span>${t(unit.on_duty ? "unit_card.go_off_duty" : "unit_card.go_on_duty")}</span>
    </button>
  `;
  return { body, actions };
}
