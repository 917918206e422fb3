// An incident in a list.

import { showIncident } from "../../actions/map/navigation.js";
import { dayAndTime, stopwatch } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { kindIcon, kindName } from "../../state/kinds.js";
import { html, nothing } from "../../lib/vendor.js";
import { awaitsAnswer, counts } from "../../state/selectors.js";
import { icon } from "../components/icon.js";

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function incidentCard(detail, model, nowMs) {
  const { incident } = detail;
  const asks = awaitsAnswer(detail, model.live.viewer, model.outbox);
  const { called, accepted, on_scene } = counts(detail);
  return html`
    <button class="incident-card severity-${incident.severity}" ?data-exercise=${incident.exercise} @click=${() => showIncident(incident.id)}>
      <span class="incident-kind">${icon(kindIcon(incident.kind, model))}</span>
      <span>
        <strong>${incident.exercise ? t("exercise.prefix") : ""}${kindName(incident.kind, model)} · ${placeName(incident.place, model)}</strong>
        <small>${t("counts.short", { called, accepted, on_scene })}</small>
        ${asks ? html`<small class="asks">${t("answer.you_are_called")}</small>` : nothing}
      </span>
      <time>${stopwatch((nowMs - Date.parse(incident.raised_at)) / 1000)}</time>
    </button>
  `;
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
export function endedRow({ incident }, model) {
  const endedAt = String(incident.ended_at);
  return html`
    <button class="row-button" @click=${() => showIncident(incident.id)}>
      ${icon(kindIcon(incident.kind, model))}
      <span>
        <strong>${incident.exercise ? t("exercise.prefix") : ""}${kindName(incident.kind, model)} · ${placeName(incident.place, model)}</strong>
        <small>${t(`end_reason.${incident.end_reason}`)} · <time datetime=${endedAt} title=${dayAndTime(endedAt)}>${dayAndTime(endedAt)}</time></small>
      </span>
    </button>
  `;
}

