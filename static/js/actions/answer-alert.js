// A person answers the call: accepts, declines, sets out, arrives, or cannot come after all.

import { letSleep, keepAwake, stopAlarm } from "../attention.js";
import { liveLine } from "../live-line.js";
import { model } from "../model.js";
import { incidentById, myCall } from "../selectors.js";
import { shareWhereabouts, stopSharing } from "./share-whereabouts.js";

/**
 * @param {string} incidentId
 * @param {"accepted" | "declined" | "en_route" | "on_scene" | "withdrawn"} state
 */
export function answerAlert(incidentId, state) {
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
  void letSleep();
  stopSharing();
}
