// Directing an open incident: stage, colour, place, updates, merging, and taking an alert back. Each answer is applied as its event.

import { request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { model, showAnswer, toast } from "../../state/model.js";
import { incidentById } from "../../state/selectors.js";
import { hasJustAppeared, showIncident } from "../map/navigation.js";

/**
 * @typedef {import("../../types/messages.js").IncidentDetail} IncidentDetail
 * @typedef {import("../../types/messages.js").EventMessage["event"]} Event
 */

/**
 * @param {string} incidentId
 * @param {"raised" | "confirmed" | "under_control"} stage
 */
export const setStage = (incidentId, stage) =>
  direct(incidentId, "PUT", "stage", { stage }, ({ incident }) => ({ kind: "incident_stage_changed", incident }));

/**
 * @param {string} incidentId
 * @param {"red" | "orange" | "yellow" | "blue"} severity
 */
export const setSeverity = (incidentId, severity) => direct(incidentId, "PUT", "severity", { severity }, updated);

/**
 * @param {string} incidentId
 * @param {string} text
 * @param {string} key  the same when it is tried again, so that no one is told twice
 */
export const sendUpdate = (incidentId, text, key) => direct(incidentId, "POST", "updates", { text }, updated, { "Idempotency-Key": key });

/**
 * @param {string} incidentId
 * @param {import("../../types/page.js").PlaceChoice} place
 */
export async function movePin(incidentId, place) {
  const where = place.building ? { building_id: place.building.id, entrance: place.entrance } : { lon: place.lon, lat: place.lat, label: place.label };
  if (await direct(incidentId, "PUT", "place", where, (detail) => ({ kind: "incident_moved", detail }))) showIncident(incidentId);
}

/**
 * @param {string} incidentId
 * @param {string} into
 */
export async function mergeInto(incidentId, into) {
  if (await direct(incidentId, "POST", "merge", { into }, ended)) showIncident(into);
}

/** @param {string} incidentId */
export const undoAlert = (incidentId) => direct(incidentId, "POST", "undo", undefined, ended);

/**
 * @param {string} incidentId
 * @param {"resolved" | "false_alarm"} reason
 * @param {string} note
 */
export const endIncident = (incidentId, reason, note) => direct(incidentId, "POST", "end", { reason, note }, ended);

/**
 * @param {string} incidentId
 * @param {string} method
 * @param {string} what
 * @param {object | undefined} body
 * @param {(detail: IncidentDetail) => Event | null} eventOf  the event that the command caused
 * @param {Record<string, string>} [headers]
 * @returns {Promise<boolean>} whether it was done
 */
async function direct(incidentId, method, what, body, eventOf, headers = {}) {
  const { circleId, ending, live: sentAt } = model.value;
  if (ending || hasJustAppeared()) return false;
  model.set({ ending: incidentId });
  try {
    const detail = await request(method, `/circles/${circleId}/incidents/${incidentId}/${what}`, { body, headers });
    const event = eventOf(detail);
    if (event) showAnswer(event, sentAt);
    return true;
  } catch (error) {
    // By now another person has ended it, and the page shows that.
    if (codeOf(error) !== "incident_ended") toast(errorWords(codeOf(error)), "problem");
    return false;
  } finally {
    model.set({ ending: null });
  }
}

/**
 * @param {IncidentDetail} detail
 * @returns {Event | null}
 */
function updated(detail) {
  const last = lastAlert(detail, "Update");
  return last && { kind: "alert_updated", incident: detail.incident, ...last };
}

/**
 * @param {IncidentDetail} detail
 * @returns {Event | null}
 */
function ended(detail) {
  const last = lastAlert(detail, "Cancel");
  return last && { kind: "incident_ended", incident: detail.incident, ...last };
}

/**
 * @param {IncidentDetail} detail
 * @param {"Update" | "Cancel"} type  of the alert that the command sent; null when it sent none
 */
function lastAlert({ incident, alerts, deliveries }, type) {
  const known = incidentById(model.value.live, incident.id)?.alerts ?? [];
  const alert = alerts.findLast(({ message_type }) => message_type === type);
  // What changed nothing, such as the colour that it had, is answered with what was known.
  return alert && known.every(({ id }) => id !== alert.id) ? { alert, deliveries: deliveries.filter(({ alert_id }) => alert_id === alert.id) } : null;
}
