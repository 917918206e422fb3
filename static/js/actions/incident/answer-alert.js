// A person answers the call: accepts, declines, sets out, arrives, or cannot come after all.

import { stopAlarm } from "../../lib/attention.js";
import { liveClient } from "../../live/client-holder.js";
import { model } from "../../state/model.js";
import { ownUnitId, unitIds } from "../../state/called-units.js";
import { incidentById, myCall, myState, openIncidents } from "../../state/selectors.js";
import { hasJustAppeared } from "../map/navigation.js";
import { sharePosition, stopSharing } from "./share-position.js";

/**
 * @param {string} incidentId
 * @param {"accepted" | "declined" | "en_route" | "on_scene" | "withdrawn"} state
 */
export function answerAlert(incidentId, state) {
  if (hasJustAppeared()) return;
  const { live } = model.value;
  const detail = incidentById(live, incidentId);
  const call = detail && myCall(detail, live.viewer);
  if (!call) return;
  stopAlarm();
  const unitId = ownUnitId(model.value, call);
  const comes = state !== "declined" && state !== "withdrawn";
  liveClient.current?.answer(call.alert_id, state, comes && unitIds(call).length > 1 ? unitId : undefined);
  forgetChoice(call.alert_id);
  if (state === "accepted" || state === "en_route") {
    sharePosition(unitId);
    return;
  }
  if (comesToAnother(incidentId)) return;
  stopSharing();
}

/**
 * A person who was called in several units goes with this one; it is told as soon as they have accepted.
 * @param {string} incidentId
 * @param {string} unitId
 */
export function goWith(incidentId, unitId) {
  const { live, outbox, chosenUnits } = model.value;
  const detail = incidentById(live, incidentId);
  const call = detail && myCall(detail, live.viewer);
  if (!call) return;
  const state = myState(detail, live.viewer, outbox);
  if (state !== "accepted" && state !== "en_route" && state !== "on_scene") {
    return model.set({ chosenUnits: { ...chosenUnits, [call.alert_id]: unitId } });
  }
  liveClient.current?.answer(call.alert_id, state, unitId);
  if (state !== "on_scene") sharePosition(unitId);
}

/**
 * What was sent is not chosen any more: from now on it is what the server says.
 * @param {string} alertId
 */
function forgetChoice(alertId) {
  const chosen = Object.entries(model.value.chosenUnits).filter(([id]) => id !== alertId);
  model.set({ chosenUnits: Object.fromEntries(chosen) });
}

/**
 * Who is on the way to another one is still followed there.
 * @param {string} incidentId
 */
function comesToAnother(incidentId) {
  const { live, outbox } = model.value;
  const others = openIncidents(live).filter(({ incident }) => incident.id !== incidentId);
  return others.some((each) => ["accepted", "en_route"].includes(myState(each, live.viewer, outbox) ?? ""));
}
