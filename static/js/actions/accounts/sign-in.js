// Coming and going.

import { ApiError, request } from "../../lib/api.js";
import { forget } from "../../state/model.js";
import { forgetCached } from "../../state/offline-cache.js";
import { closeCircle } from "./open-circle.js";
import { enter } from "./start.js";

/**
 * @param {string} username
 * @param {string} password
 */
export async function signIn(username, password) {
  enter(await request("POST", "/session", { body: { username, password } }));
}

export async function signOut() {
  closeCircle();
  forgetCached();
  try {
    await request("DELETE", "/session");
  } catch (error) {
    // The cookie is the server's; without it the session runs out there by itself.
    if (!(error instanceof ApiError)) throw error;
  }
  forget();
}
