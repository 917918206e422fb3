// Whom to telephone, in order: unfolded by hand, or by the step of the ladder that asks for it.

import { toggleCallList } from "../../actions/incident/ladders.js";
import { errorWords } from "../../lib/errors.js";
import { duration, number } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { icon } from "../components/icon.js";

/** Shown at once; the rest is unfolded. */
const SHOWN = 8;

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
export function callListView({ incident, ladder }, model) {
  if (incident.ended_at !== null || !may(model.live.viewer, incident.exercise ? "raise_exercise" : "raise_alert")) return nothing;
  const unfolded = model.callListOf === incident.id;
  const due = (ladder?.steps ?? []).some(({ rung, state }) => rung.kind === "call_list" && state === "taken");
  return html`
    <section class="call-list" data-due=${due}>
      ${due ? html`<p class="problem" role="alert">${t("call_list.due")}</p>` : nothing}
      <button class="button" aria-expanded=${unfolded} @click=${() => toggleCallList(incident.id)}>${icon("phone")}<span>${t(unfolded ? "call_list.fold" : "call_list.unfold")}</span></button>
      ${unfolded ? entries(model.loaded.callList) : nothing}
    </section>
  `;
}

/** @param {import("../../types/page.js").Loaded<import("../../types/ladder.js").CallList>} loaded */
function entries({ value, status, error }) {
  if (!value) return status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : html`<p class="muted" role="status">${t("panel.loading")}</p>`;
  const rows = value.entries.map(row);
  if (rows.length === 0) return html`<p class="muted">${t("call_list.empty")}</p>`;
  return html`
    <ol class="call-rows">${rows.slice(0, SHOWN)}</ol>
    ${rows.length > SHOWN
      ? html`<details class="fold"><summary><span>${t("call_list.more", { n: number(rows.length - SHOWN) })}</span></summary><ol class="call-rows" start=${SHOWN + 1}>${rows.slice(SHOWN)}</ol></details>`
      : nothing}
  `;
}

/** @param {import("../../types/ladder.js").CallListEntry} entry */
function row({ why, name, phone, partner_name, partner_name_en, unit_name, unit_name_en, response_s }) {
  const partner = nameOf({ name: partner_name, name_en: partner_name_en });
  const unit = nameOf({ name: unit_name, name_en: unit_name_en });
  const minutes = response_s === null ? "" : ` · ${duration(response_s)}`;
  return html`
    <li class="ring-row" data-why=${why}>
      <span><strong>${name || partner}</strong><small>${name ? `${partner} · ${unit}${minutes} · ` : ""}${t(`call_list.${why}`)}</small></span>
      ${phone
        ? html`<a class="number strong" href="tel:${phone}" aria-label="${t("partner.ring", { name: name || partner })} ${phone}">${icon("phone")}${phone}</a>`
        : html`<small class="no-phone">${t("to_ring.no_phone")}</small>`}
    </li>
  `;
}
