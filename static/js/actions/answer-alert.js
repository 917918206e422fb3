// A person answers the call: accepts, declines, sets out, arrives, or cannot come after all.

import { letSleep, keepAwake, stopAlarm } from "../attention.js";
import { liveLine } from "../live-line.js";
import { model } from "../model.js";
import { incidentById, myCall, myState, openIncidents } from "../selectors.js";
import { hasJustCome } from "./look.js";
import { shareWhereabouts, stopSharing } from "./share-whereabouts.js";

/**
 * @param {string} incidentId
 * @param {"accepted" | "declined" | "en_route" | "on_scene" | "withdrawn"} state
 */
export function answerAlert(incidentId, state) {
  if (hasJustCome()) return;
  const { live } = model.value;
  const picture = incidentById(live, incidentId);
  const call = picture && myCall(picture, live.viewer);
  if (!call) return;
  stopAlarm();
  liveLine.current?.answer(call.alert_id, state);
  if (state === "accepted" || state === "en_route") {
    void keepAwake();
    shareWhereabouts(call.unit_id);
    return;
  }
  if (comesToAnother(incidentId)) return;
  void letSleep();
  stopSharing();
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
