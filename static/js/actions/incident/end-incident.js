// A person ends an incident. Everybody who had the alert hears of it.

import { ApiError, request } from "../../lib/api.js";
import { errorWords, codeOf } from "../../lib/errors.js";
import { model, toast } from "../../state/model.js";
import { hasJustCome } from "../map/navigation.js";

/**
 * @param {string} incidentId
 * @param {"resolved" | "false_alarm"} reason
 */
export async function endIncident(incidentId, reason) {
  const { circleId, ending } = model.value;
  if (ending || hasJustCome()) return;
  model.set({ ending: incidentId });
  try {
    await request("POST", `/circles/${circleId}/incidents/${incidentId}/end`, { body: { reason } });
  } catch (error) {
    const ended = error instanceof ApiError && error.code === "incident_ended";
    if (!ended) toast(errorWords(codeOf(error)), "problem");
  } finally {
    model.set({ ending: null });
  }
}
