// A rehearsal of the saved plan: asked for, never kept.

import { request } from "../../lib/api.js";
import { model } from "../../state/model.js";

/** The server begins no further run after a minute, and gives way to alerts. */
const TIMEOUT_MS = 180_000;

/**
 * @param {string} id  of the drill
 * @param {{ seed: number, runs: number }} how
 * @returns {Promise<import("../../types/rehearsal.js").Rehearsal>}
 */
export const rehearse = (id, how) => request("POST", `/circles/${model.value.circleId}/drills/${id}/rehearsal`, { body: how, timeoutMs: TIMEOUT_MS });
