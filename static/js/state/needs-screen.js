// Whether the screen has to stay on. Pure.

import { incidentById, myState, openIncidents, waitingIncidents } from "./selectors.js";

const UNDER_WAY = ["accepted", "en_route"];

/**
 * @param {Pick<import("../types/page.js").Model, "phase" | "live" | "view" | "outbox" | "pushed">} value
 * @returns {boolean} while an open alert is on screen, waits for the viewer's answer, or has the viewer on the way
 */
export function needsScreen({ phase, live, view, outbox, pushed }) {
  if (phase !== "open") return false;
  if (view.name === "incident") {
    const shown = incidentById(live, view.id);
    if (shown ? shown.incident.ended_at === null : pushed?.incident_id === view.id) return true;
  }
  if (waitingIncidents(live, outbox).length > 0) return true;
  return openIncidents(live, outbox).some((each) => UNDER_WAY.includes(myState(each, live.viewer, outbox) ?? ""));
}
