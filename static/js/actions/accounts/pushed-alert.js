// A person has tapped a notification: its alert is on screen at once, by what the notification itself says.

import { keptPushed } from "../../lib/pushed-alerts.js";
import { model } from "../../state/model.js";
import { incidentById } from "../../state/selectors.js";
import { showIncident } from "../map/navigation.js";

/** @typedef {import("../../types/page.js").PushedAlert} PushedAlert */

/** @returns {Promise<PushedAlert | null>} what the address names, if this device was told of it */
export async function pushedInAddress() {
  const alertId = new URLSearchParams(location.hash.slice(1)).get("alert");
  if (!alertId) return null;
  // Another visit of the same address is about whatever is going on then.
  history.replaceState(null, "", location.pathname);
  return keptPushed(alertId);
}

/** @param {PushedAlert} pushed */
export function showPushed(pushed) {
  const { phase, circleId, live } = model.value;
  const isOpen = phase === "open" && circleId === pushed.circle_id;
  if (!isOpen) model.set({ phase: "open", circleId: pushed.circle_id, pushed });
  else if (!incidentById(live, pushed.incident_id)) model.set({ pushed });
  showIncident(pushed.incident_id);
}

/**
 * Notifications that are tapped while the page is open.
 * @param {(circleId: string) => void} choose  opens the circle of one that is about another circle
 */
export function watchNotifications(choose) {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => {
    if (data?.type !== "show_alert") return;
    // Before signing in it stands above the form.
    if (model.value.phase !== "open") return model.set({ pushed: data.alert });
    if (model.value.circleId !== data.alert.circle_id) choose(data.alert.circle_id);
    showPushed(data.alert);
  });
}
