// When the session has ended: what the device knew is not for the next person who has it.

import { forget, model } from "../../state/model.js";
import { forgetCached } from "../../state/offline-cache.js";
import { closeCircle } from "./open-circle.js";

export function leaveAccount() {
  closeCircle();
  forgetCached();
  forget();
  model.set({ problem: "not_signed_in" });
}
