// The one request with which the page opens: the installation, who is signed in, a ticket, and how things stand.

import { request } from "../../lib/api.js";
import { remember } from "../../lib/storage.js";
import { model } from "../../state/model.js";

/**
 * Ask, or take the answer to what was asked before the scripts had arrived.
 * @param {string | null} circleId  the one that was open last
 * @returns {Promise<import("../../types/page.js").StartAnswer>}
 */
export async function begin(circleId) {
  const { early } = globalThis;
  globalThis.early = undefined;
  const begun = early?.circleId === circleId ? early : undefined;
  try {
    const answer = await request("POST", "/start", { body: { circle_id: circleId }, begun: begun?.start });
    remember("responder.live_url", socketAddress(answer.config.live_url));
    model.set({ config: answer.config });
    if (!answer.ticket) early?.socket?.close();
    return { ...answer, socket: answer.ticket ? (early?.socket ?? null) : null };
  } catch (error) {
    early?.socket?.close();
    throw error;
  }
}

/** @param {string} configured */
export function socketAddress(configured) {
  const url = new URL(configured, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}
