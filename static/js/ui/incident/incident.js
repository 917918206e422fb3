// One incident: what and where, the call script, my part, who comes, who has been told, and its end.

import { may } from "../../state/access.js";
import { showOverview } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { burnsWithoutEngine, unrecordedUnitIds } from "../../state/called-units.js";
import { calls, myCall, notReached } from "../../state/selectors.js";
import { html, nothing } from "../../lib/vendor.js";
import { answerBar } from "./answer-bar.js";
import { callScript } from "./call-script.js";
import { countTiles } from "./delivery-counts.js";
import { deliveryList } from "./deliveries.js";
import "./end-bar.js";
import { incidentHeader } from "./incident-header.js";
import { icon } from "../components/icon.js";
import { memberRows, nonMemberRows } from "./responder-list.js";
import { myPart } from "./my-assignment.js";
import { nearestHelp } from "./nearest-help.js";
import { toRing } from "./unreached-contacts.js";

/** How long after raising the script stays unfolded for whoever raised it, in seconds. */
const SCRIPT_OPEN_S = 180;

/**
 * @param {import("../../types/messages.js").IncidentDetail} picture
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 * @returns {import("../../types/page.js").PanelView}
 */
export function incidentView(picture, model, nowMs) {
  const { incident } = picture;
  const { viewer } = model.live;
  const call = myCall(picture, viewer);
  const open = incident.ended_at === null;
  const mine = incident.raised_by === viewer?.account_id;
  const fresh = nowMs - Date.parse(incident.raised_at) < SCRIPT_OPEN_S * 1000;
  const script = open ? callScript(picture, model, { unfolded: mine && fresh && !incident.exercise }) : nothing;
  const nearest = nearestHelp(incident.place, model);
  const staff = mayEnd(incident, viewer);
  const ring = toRing(picture, model, { nowMs, staff });
  // Whoever is called needs the way first; staff need to know whether the call comes through.
  const first = call && open ? html`${myPart(picture, call, model)} ${nearest} ${staff ? ring : nothing} ${script} ${countTiles(picture)} ${staff ? nothing : ring}` : html`${countTiles(picture)} ${ring} ${script}`;
  const body = html`
    ${incidentHeader(picture, model, nowMs)} ${first}
    <h3>${t("incident.members", { n: picture.response_circle.members.length })}</h3>
    ${members(picture, model, nowMs)} ${call && open ? nothing : nearest} ${deliveryList(picture, model, nowMs)}
  `;
  const leave = html`<button class="button big" @click=${showOverview}>${icon("back")}<span>${t("incident.back_to_overview")}</span></button>`;
  return { body, exercise: incident.exercise, actions: open ? actions(picture, model, { called: call !== null }) : leave };
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} picture
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
function members(picture, { focusedUnitId, live }, nowMs) {
  const { members: all, non_members } = picture.response_circle;
  // Who cannot come is worth knowing at once when it burns and no engine comes.
  const others = nonMemberRows(non_members, { unfolded: burnsWithoutEngine(picture) });
  if (all.length === 0) return html`<p class="problem">${t("incident.nobody")}</p>${others}`;
  const unrecorded = unrecordedUnitIds(picture);
  const words = unrecorded.size === all.length ? t("incident.nobody_called") : t("incident.some_unrecorded", { n: unrecorded.size });
  return html`
    ${unrecorded.size > 0 ? html`<p class="problem" role="alert">${words}</p>` : nothing}
    ${memberRows(all, { focusedUnitId, deliveries: calls(picture), missing: notReached(picture, nowMs), unrecorded, live })} ${others}
  `;
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} picture
 * @param {import("../../types/page.js").Model} model
 * @param {{ called: boolean }} how
 */
function actions(picture, model, { called }) {
  const { incident } = picture;
  const ends = mayEnd(incident, model.live.viewer);
  if (!called && !ends) return null;
  return html`
    ${called ? answerBar(picture, model) : nothing}
    ${ends
      ? html`<er-end-bar .incidentId=${incident.id} .busy=${model.ending === incident.id} .exercise=${incident.exercise} .language=${model.language}></er-end-bar>`
      : nothing}
  `;
}

/**
 * @param {import("../../types/messages.js").Incident} incident
 * @param {import("../../types/messages.js").ViewerCard | null} viewer
 */
const mayEnd = ({ exercise }, viewer) => may(viewer, exercise ? "end_exercise" : "end_incident");
