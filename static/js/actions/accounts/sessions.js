// Where I am signed in, and my password.

import { get, request } from "../../lib/api.js";

/** @returns {Promise<import("../../types/page.js").Session[]>} the one in use first, then the latest used */
export async function mySessions() {
  /** @type {import("../../types/page.js").Session[]} */
  const all = await get("/sessions");
  return all.sort((a, b) => Number(b.current) - Number(a.current) || b.last_seen_at.localeCompare(a.last_seen_at));
}

/** @param {string} id */
export const endSession = (id) => request("DELETE", `/sessions/${id}`);

export const endOtherSessions = () => request("DELETE", "/sessions");

/**
 * @param {string} current
 * @param {string} wanted
 */
export const changePassword = (current, wanted) => request("POST", "/account/password", { body: { current, new: wanted } });
