// What, where, since when: readable at arm's length.

import { showOverview } from "../../actions/map/navigation.js";
import { dayAndTime, stopwatch, timeOfDay } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { kindIcon, kindName } from "../../state/kinds.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { picture } from "../components/picture.js";

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function incidentHeader(detail, model, nowMs) {
  const { incident } = detail;
  const { place } = incident;
  const lane = laneAt(detail);
  const open = incident.ended_at === null;
  return html`
    <header class="incident-header severity-${incident.severity}" ?data-exercise=${incident.exercise} ?data-ended=${!open}>
      <button class="square" aria-label=${t("action.back")} @click=${showOverview}>${icon("back")}</button>
      <span class="incident-kind">${icon(kindIcon(incident.kind, model))}</span>
      <div>
        <p class="kind-line">
          ${incident.exercise ? html`<strong class="exercise-mark">${t("exercise.prefix")}</strong>` : nothing}
          <strong>${kindName(incident.kind, model)}</strong>
          ${open ? html`<span>${t(`severity.${incident.severity}`)}${incident.stage === "raised" ? nothing : html` · ${t(`stage.${incident.stage}`)}`}</span>` : html`<strong>${t("incident.over")}</strong>`}
          ${open
            ? html`<time class="stopwatch" aria-label=${t("incident.since", { time: timeOfDay(incident.raised_at) })}>${stopwatch((nowMs - Date.parse(incident.raised_at)) / 1000)}</time>`
            : nothing}
        </p>
        <h2>${placeName(place, model)}</h2>
      </div>
    </header>
    ${open ? nothing : endedLine(incident)}
    <p class="where-line">
      ${lane ? html`<span>${icon("pin")}${t("incident.lane", { lane })}</span>` : nothing}
      <span>${t("incident.raised_by", { name: incident.raised_by_name, time: timeOfDay(incident.raised_at) })}</span>
    </p>
    ${incident.note ? html`<p class="note incident-note">${incident.note}</p>` : nothing}
    ${updates(detail, model)}
    ${incident.end_note ? html`<p class="note incident-note">${incident.end_note}</p>` : nothing}
  `;
}

/**
 * What staff told all: the last is what holds, and must not be pushed off a phone's screen by those before it.
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
function updates({ alerts }, { circleId }) {
  const [last, ...earlier] = alerts.filter(({ cause, text }) => cause === "text" && text).reverse();
  if (!last) return nothing;
  const note = (/** @type {typeof last} */ { id, text, sent_at, photo_id }) => {
    const words = html`<p class="note incident-note" data-update><time>${timeOfDay(sent_at)}</time> ${text}</p>`;
    return photo_id ? html`<div class="with-picture">${words}${picture(`/api/circles/${circleId}/alerts/${id}/photo`, t("incident.picture", { time: timeOfDay(sent_at) }))}</div>` : words;
  };
  if (earlier.length === 0) return note(last);
  return html`
    ${note(last)}
    <details class="fold">
      <summary><span>${t("incident.earlier_updates", { n: earlier.length })}</span></summary>
      ${earlier.map(note)}
    </details>
  `;
}

/**
 * That it is over, why, and what that means for those still on the way.
 * @param {import("../../types/messages.js").Incident} incident
 */
function endedLine({ exercise, end_reason, ended_at, ended_by_name }) {
  const why = exercise ? `exercise_${end_reason}` : end_reason;
  return html`
    <div class="ended-line" role="status" data-reason=${end_reason}>
      ${icon(end_reason === "false_alarm" ? "close" : "check")}
      <p>
        <strong>${t(`incident.ended_${why}`)}</strong>
        <span>${t(`incident.ended_means_${why}`)}</span>
        <small>${t("incident.ended_by", { name: ended_by_name ?? "", time: dayAndTime(String(ended_at)) })}</small>
      </p>
    </div>
  `;
}

/**
 * The lane at the door: the last lane of every way.
 * @param {import("../../types/messages.js").IncidentDetail} detail
 */
function laneAt({ response_circle }) {
  for (const member of response_circle.members) {
    const last = member.legs.flatMap((leg) => leg.street_names).at(-1);
    if (last) return last;
  }
  return null;
}
