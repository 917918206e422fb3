// What must be known whatever is looked at: stale data, invented data, and incidents that are not on screen.

import { setDrill, showIncident } from "../actions/look.js";
import { stopwatch } from "../format.js";
import { t } from "../i18n.js";
import { placeName } from "../place-name.js";
import { myCall, openIncidents, rank } from "../selectors.js";
import { html, nothing } from "../vendor.js";
import { staleWords } from "./connection.js";
import { icon } from "./icon.js";

/**
 * @param {import("../types.js").Model} model
 * @param {number} nowMs
 */
export function banners(model, nowMs) {
  const stale = staleWords(model, nowMs);
  const { view } = model;
  const elsewhere = openIncidents(model.live).filter(({ incident }) => view.name !== "incident" || view.id !== incident.id);
  return html`
    ${model.drill
      ? html`<div class="bar drill-bar">
          ${icon("drill")}<strong>${t("drill.on")}</strong>
          <button class="button" @click=${() => setDrill(false)}>${t("drill.leave")}</button>
        </div>`
      : nothing}
    ${stale ? html`<p class="banner stale">${icon("no_signal")}<span>${stale}</span></p>` : nothing}
    ${model.live.picture?.circle.illustrative ? html`<p class="banner invented">${t("circle.illustrative")}</p>` : nothing}
    ${view.name === "overview" ? nothing : elsewhere.map((picture) => incidentBanner(picture, model, nowMs))}
    <div class="unseen" role="alert" aria-live="assertive">${announcement(model)}</div>
  `;
}

/**
 * @param {import("../messages.js").IncidentPicture} picture
 * @param {import("../types.js").Model} model
 * @param {number} nowMs
 */
function incidentBanner(picture, model, nowMs) {
  const { incident } = picture;
  const call = myCall(picture, model.live.viewer);
  const urgent = call !== null && rank(call.state) < rank("declined");
  const elapsed = stopwatch((nowMs - Date.parse(incident.raised_at)) / 1000);
  return html`
    <button
      class="banner incident-banner severity-${incident.severity}"
      ?data-exercise=${incident.exercise}
      ?data-urgent=${urgent}
      @click=${() => showIncident(incident.id)}
    >
      ${icon(incident.kind)}
      <span>${incident.exercise ? t("exercise.prefix") : ""}${t(`kind.${incident.kind}`)} · ${placeName(incident.place, model)}</span>
      <time>${elapsed}</time>
      ${icon("forward")}
    </button>
  `;
}

/**
 * Read out once per incident: the text only changes with the incident.
 * @param {import("../types.js").Model} model
 */
function announcement(model) {
  const { live } = model;
  const first = openIncidents(live).find((picture) => {
    const call = myCall(picture, live.viewer);
    return call && rank(call.state) < rank("declined");
  });
  if (!first) return "";
  const { incident } = first;
  const prefix = incident.exercise ? t("exercise.prefix") : "";
  return `${prefix}${t("alert.announced", { kind: t(`kind.${incident.kind}`), place: placeName(incident.place, model) })}`;
}
