// Beginning a roll-call, or saying which doors a building has.

import { request } from "../../lib/api.js";
import { model, showAnswer } from "../../state/model.js";

/**
 * @param {string} incidentId
 * @param {{ building_id: string, doors?: { label: string, expected: number | null }[], grid?: { stairwells: number, storeys: number, doors: number, expected: number | null } }} building
 */
export async function putDoors(incidentId, building) {
  const { circleId, live: sentAt } = model.value;
  const roll_call = await request("PUT", `/circles/${circleId}/incidents/${incidentId}/roll-call`, { body: { buildings: [building] } });
  showAnswer({ kind: "roll_call_changed", incident_id: incidentId, roll_call }, sentAt);
}
