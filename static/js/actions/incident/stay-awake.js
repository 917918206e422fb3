// The screen stays on while an alert is on it, and while the person is called or on the way.

import { stayAwake } from "../../lib/attention.js";
import { model } from "../../state/model.js";
import { needsScreen } from "../../state/needs-screen.js";

/** Watch the model from now on. */
export function startStayingAwake() {
  model.listen((value) => stayAwake(needsScreen(value)), ["live", "view", "outbox", "pushed", "phase"]);
}
