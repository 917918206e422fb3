// One incident: what and where, the call script, my part, who comes, who has been told, and its end.

import { may } from "../../state/access.js";
import { showOverview } from "../../actions/map/navigation.js";
import { timeOfDay } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { burnsWithoutEngine, unrecordedUnitIds } from "../../state/called-units.js";
import { kindName } from "../../state/kinds.js";
import { calls, myCall, notReached, openIncidents } from "../../state/selectors.js";
import { html, nothing } from "../../lib/vendor.js";
import { answerBar } from "./answer-bar.js";
import { callScript } from "./call-script.js";
import { deliveryCounts } from "./delivery-counts.js";
import { deliveryList } from "./deliveries.js";
import "./direct.js";
import { UNDO_S } from "./end-bar.js";
import { incidentHeader } from "./incident-header.js";
import { icon } from "../components/icon.js";
import { memberRows, nonMemberRows } from "./responder-list.js";
import { callListView } from "../ladder/call-list.js";
import { incidentClocks } from "../ladder/clocks.js";
import { ladderView } from "../ladder/ladder.js";
import { myAssignment } from "./my-assignment.js";
import { nearestHelp } from "./nearest-help.js";
import { rollCallEntry } from "./roll-call-entry.js";
import { unreachedContacts } from "./unreached-contacts.js";
import { wantedView } from "./wanted.js";

/** How long after raising the script stays unfolded for the person who raised it, in seconds. */
const SCRIPT_OPEN_S = 180;
const COMING = new Set(["accepted", "en_route", "on_scene"]);

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 * @returns {import("../../types/page.js").PanelView}
 */
export function incidentView(detail, model, nowMs) {
  const { incident } = detail;
  const { viewer } = model.live;
  const call = myCall(detail, viewer);
  const open = incident.ended_at === null;
  const mine = incident.raised_by === viewer?.account_id;
  const fresh = nowMs - Date.parse(incident.raised_at) < SCRIPT_OPEN_S * 1000;
  const script = open ? callScript(detail, model, { unfolded: mine && fresh && !incident.exercise }) : nothing;
  const nearest = nearestHelp(incident.place, model);
  const staff = mayEnd(incident, viewer);
  const ring = unreachedContacts(detail, model, { nowMs, staff });
  const wanted = staff || may(viewer, "see_all_incidents") ? wantedView(detail, model) : nothing;
  // A person who is called needs the way first; staff need to know whether the call comes through.
  const first = call && open ? html`${myAssignment(detail, call, model)} ${nearest} ${staff ? ring : nothing} ${script} ${deliveryCounts(detail)} ${staff ? nothing : ring} ${wanted}` : html`${deliveryCounts(detail)} ${ring} ${wanted} ${script}`;
  // Who comes next, by the clock and by hand, stands with what staff watch.
  const clocks = html`${ladderView(detail, model, nowMs)} ${incidentClocks(detail, model, nowMs)} ${callListView(detail, model)}`;
  const body = html`
    ${incidentHeader(detail, model, nowMs)} ${first} ${households(detail, call, model)} ${rollCallEntry(detail, { offered: open && mayDirect(incident, viewer) })} ${open && mayDirect(incident, viewer) ? direct(detail, model) : nothing} ${clocks}
    <h3>${t("incident.members", { n: detail.response_circle.members.length })}</h3>
    ${members(detail, model, nowMs)} ${call && open ? nothing : nearest} ${deliveryList(detail, model, nowMs)}
    ${model.screens === "here" && (staff || may(viewer, "see_all_incidents")) ? html`<er-message-proof .circleId=${model.circleId} .detail=${detail} .language=${model.language}></er-message-proof>` : nothing}
    ${staff ? capLinks(detail, model) : nothing}
  `;
  const leave = html`<button class="button big" @click=${showOverview}>${icon("back")}<span>${t("incident.back_to_overview")}</span></button>`;
  return { body, exercise: incident.exercise, actions: open ? actions(detail, model, { called: call !== null, nowMs }) : leave };
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
function members(detail, { focusedUnitId, live }, nowMs) {
  const { members: all, non_members } = detail.response_circle;
  // Who cannot come is worth knowing at once when it burns and no engine comes.
  const others = nonMemberRows(non_members, { unfolded: burnsWithoutEngine(detail) });
  if (all.length === 0) return html`<p class="problem">${t("incident.no_unit")}</p>${others}`;
  const unrecorded = unrecordedUnitIds(detail);
  const words = unrecorded.size === all.length ? t("incident.no_one_called") : t("incident.some_unrecorded", { n: unrecorded.size });
  return html`
    ${unrecorded.size > 0 ? html`<p class="problem" role="alert">${words}</p>` : nothing}
    ${memberRows(all, { focusedUnitId, deliveries: calls(detail), missing: notReached(detail, nowMs), unrecorded, live })} ${others}
  `;
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {{ called: boolean, nowMs: number }} how
 */
function actions(detail, model, { called, nowMs }) {
  const { incident } = detail;
  const ends = mayEnd(incident, model.live.viewer);
  if (!called && !ends) return null;
  return html`
    ${called ? answerBar(detail, model) : nothing}
    ${ends
      ? html`<er-end-bar .incidentId=${incident.id} .busy=${model.ending === incident.id} .exercise=${incident.exercise} .undoS=${undoS(incident, model, nowMs)} .language=${model.language}></er-end-bar>`
      : nothing}
  `;
}

/**
 * Each alert as a document for other systems.
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
const capLinks = ({ alerts }, { circleId }) => html`
  <p class="cap-links">
    ${alerts.map(
      ({ id, message_type, sent_at }) =>
        html`<a href=${`/api/circles/${circleId}/alerts/${id}.cap`} download>${t(`incident.cap_${message_type}`, { time: timeOfDay(sent_at) })}</a>`,
    )}
  </p>
`;

/**
 * @param {import("../../types/messages.js").Incident} incident
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 * @returns {number} seconds in which the sender may still undo the alert
 */
function undoS({ raised_at, raised_by }, { live }, nowMs) {
  const left = UNDO_S - Math.floor((nowMs - Date.parse(raised_at)) / 1000);
  return raised_by === live.viewer?.account_id ? Math.min(UNDO_S, Math.max(0, left)) : 0;
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
function direct({ incident }, model) {
  const others = openIncidents(model.live)
    .filter(({ incident: other }) => other.id !== incident.id && other.exercise === incident.exercise)
    .map(({ incident: other }) => ({ id: other.id, words: `${kindName(other.kind, model)} · ${placeName(other.place, model)}` }));
  return html`<er-direct .incident=${incident} .others=${others} .busy=${model.ending === incident.id} .language=${model.language}></er-direct>`;
}

/**
 * For those who come, and who keep the register: loaded when they open it.
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/messages.js").Delivery | null} call
 * @param {import("../../types/page.js").Model} model
 */
function households({ incident }, call, { circleId, language, live, screens }) {
  const comes = may(live.viewer, "manage_households") || COMING.has(call?.state ?? "");
  if (screens !== "here" || incident.ended_at !== null || !incident.place.building_id || !comes) return nothing;
  return html`<er-incident-households .circleId=${circleId} .incidentId=${incident.id} .language=${language}></er-incident-households>`;
}

/**
 * @param {import("../../types/messages.js").Incident} incident
 * @param {import("../../types/messages.js").ViewerCard | null} viewer
 */
const mayDirect = ({ exercise }, viewer) => may(viewer, exercise ? "direct_exercise" : "direct_incident");

/**
 * @param {import("../../types/messages.js").Incident} incident
 * @param {import("../../types/messages.js").ViewerCard | null} viewer
 */
const mayEnd = ({ exercise }, viewer) => may(viewer, exercise ? "end_exercise" : "end_incident");
