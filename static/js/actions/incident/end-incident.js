// A person ends an incident. All who had the alert hear of it.

import { ApiError, request } from "../../lib/api.js";
import { errorWords, codeOf } from "../../lib/errors.js";
import { model, showAnswer, toast } from "../../state/model.js";
import { hasJustAppeared } from "../map/navigation.js";

/**
 * @param {string} incidentId
 * @param {"resolved" | "false_alarm"} reason
 */
export async function endIncident(incidentId, reason) {
  const { circleId, ending, live: sentAt } = model.value;
  if (ending || hasJustAppeared()) return;
  model.set({ ending: incidentId });
  try {
    /** @type {import("../../types/messages.js").IncidentDetail} */
    const { incident, alerts, deliveries } = await request("POST", `/circles/${circleId}/incidents/${incidentId}/end`, { body: { reason } });
    const alert = alerts.find(({ message_type }) => message_type === "Cancel");
    if (!alert) return;
    const told = deliveries.filter(({ alert_id }) => alert_id === alert.id);
    showAnswer({ kind: "incident_ended", incident, alert, deliveries: told }, sentAt);
  } catch (error) {
    const ended = error instanceof ApiError && error.code === "incident_ended";
    if (!ended) toast(errorWords(codeOf(error)), "problem");
  } finally {
    model.set({ ending: null });
  }
}
