// A unit goes on or off duty: only those on duty are called.

import { request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { model, showAnswer, toast } from "../../state/model.js";

/**
 * @param {string} unitId
 * @param {boolean} onDuty
 */
export async function setDuty(unitId, onDuty) {
  const { circleId, live: sentAt } = model.value;
  try {
    const unit = await request("PATCH", `/circles/${circleId}/units/${unitId}`, { body: { on_duty: onDuty } });
    showAnswer({ kind: "unit_changed", unit }, sentAt);
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  }
}
