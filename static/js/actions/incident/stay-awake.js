// The screen stays on while an alert is on it, and while the person is called or on the way.

import { stayAwake } from "../../lib/attention.js";
import { model } from "../../state/model.js";
import { incidentById, myState, openIncidents, waitingIncidents } from "../../state/selectors.js";

const UNDER_WAY = ["accepted", "en_route"];

/** Watch the model from now on. */
export function startStayingAwake() {
  model.listen((value) => stayAwake(needsScreen(value)), ["live", "view", "outbox", "pushed", "phase"]);
}

/**
 * @param {import("../../types/page.js").Model} value
 * @returns {boolean}
 */
export function needsScreen({ phase, live, view, outbox, pushed }) {
  if (phase !== "open") return false;
  const shown = view.name === "incident" ? incidentById(live, view.id) : null;
  if (shown ? shown.incident.ended_at === null : pushed !== null) return true;
  if (waitingIncidents(live, outbox).length > 0) return true;
  return openIncidents(live, outbox).some((each) => UNDER_WAY.includes(myState(each, live.viewer, outbox) ?? ""));
}
