// What must be known whatever is looked at: stale data, invented data, and incidents that are not on screen.

import { setDrill } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { kindName } from "../../state/kinds.js";
import { html, nothing } from "../../lib/vendor.js";
import { waitingIncidents } from "../../state/selectors.js";
import { icon } from "../components/icon.js";
import { otherIncidents } from "../incident/other-incidents.js";
import { staleWords } from "./connection.js";
import { drillBars } from "./drill-bar.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function banners(model, nowMs) {
  const stale = staleWords(model, nowMs);
  return html`
    ${model.drill
      ? html`<div class="bar drill-bar">
          ${icon("drill")}<strong>${t("drill.on")}</strong>
          <button class="button" aria-label=${t("drill.leave")} @click=${() => setDrill(false)}>${t("drill.leave_short")}</button>
        </div>`
      : nothing}
    ${stale ? html`<p class="banner stale">${icon("no_signal")}<span>${stale}</span></p>` : nothing}
    ${model.live.snapshot?.circle.illustrative ? html`<p class="banner invented">${t("circle.illustrative")}</p>` : nothing}
    ${otherIncidents(model, nowMs)} ${drillBars(model, nowMs)}
    <div class="unseen" role="alert" aria-live="assertive">${announcement(model)}</div>
  `;
}

/**
 * Read out once per incident: the text only changes with the incident that came last.
 * @param {import("../../types/page.js").Model} model
 */
function announcement(model) {
  const waiting = waitingIncidents(model.live, model.outbox).sort(
    ({ incident: a }, { incident: b }) => Number(a.exercise) - Number(b.exercise) || b.raised_at.localeCompare(a.raised_at),
  );
  const [latest] = waiting;
  if (!latest) return "";
  const { incident } = latest;
  const prefix = incident.exercise ? t("exercise.prefix") : "";
  return `${prefix}${t("alert.announced", { kind: kindName(incident.kind, model), place: placeName(incident.place, model) })}`;
}
