// Staff take a step of the ladder at once, or stop what is planned.

import { ApiError, request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { model, showAnswer, toast } from "../../state/model.js";
import { refresh } from "../../state/resources.js";
import { hasJustAppeared } from "../map/navigation.js";

/**
 * @param {string} incidentId
 * @param {number} number
 */
export function takeStep(incidentId, number) {
  return steer(incidentId, "take", number);
}

/**
 * @param {string} incidentId
 * @param {number | null} number  null stops all that is planned
 */
export function stopStep(incidentId, number) {
  return steer(incidentId, "stop", number);
}

/**
 * @param {string} incidentId
 * @param {"take" | "stop"} how
 * @param {number | null} number
 */
async function steer(incidentId, how, number) {
  const { circleId, steering, live: sentAt } = model.value;
  if (steering || hasJustAppeared()) return;
  model.set({ steering: true });
  try {
    /** @type {import("../../types/messages.js").IncidentDetail} */
    const detail = await request("POST", `/circles/${circleId}/incidents/${incidentId}/ladder/${how}`, { body: { number } });
    if (model.value.circleId === circleId && detail.ladder) showAnswer({ kind: "alert_extended", detail }, sentAt);
    refresh("callList");
  } catch (error) {
    // Another person, or the clock, was quicker: the event says so.
    const decided = error instanceof ApiError && error.code === "step_decided";
    if (!decided) toast(errorWords(codeOf(error)), "problem");
  } finally {
    model.set({ steering: false });
  }
}
