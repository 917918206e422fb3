// A unit goes on or off duty: only those on duty are called.

import { request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { model, toast } from "../../state/model.js";

/**
 * @param {string} unitId
 * @param {boolean} onDuty
 */
export async function setDuty(unitId, onDuty) {
  try {
    await request("PATCH", `/circles/${model.value.circleId}/units/${unitId}`, { body: { on_duty: onDuty } });
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  }
}
