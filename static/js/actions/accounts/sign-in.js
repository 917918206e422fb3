// Coming and going.

import { ApiError, request } from "../../lib/api.js";
import { remembered } from "../../lib/storage.js";
import { forget, model } from "../../state/model.js";
import { forgetCached } from "../../state/offline-cache.js";
import { forgetPushed } from "../../lib/pushed-alerts.js";
import { begin } from "./begin.js";
import { linkedCircle } from "./linked-view.js";
import { closeCircle } from "./open-circle.js";
import { enter } from "./start.js";

/**
 * @param {string} username
 * @param {string} password
 */
export async function signIn(username, password) {
  const session = await request("POST", "/session", { body: { username, password } });
  const wanted = model.value.pushed?.circle_id ?? linkedCircle() ?? undefined;
  // Signed in they are: without the second answer the circle opens step by step.
  const begun = await begin(wanted ?? remembered("responder.circle")).catch(() => null);
  enter(begun?.account ? begun : session, wanted);
}

export async function signOut() {
  closeCircle();
  forgetCached();
  void forgetPushed();
  try {
    await request("DELETE", "/session");
  } catch (error) {
    // The cookie is the server's; without it the session runs out there by itself.
    if (!(error instanceof ApiError)) throw error;
  }
  model.set({ pushed: null });
  forget();
}
