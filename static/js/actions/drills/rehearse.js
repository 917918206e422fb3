// A rehearsal of the saved plan: asked for, never kept.

import { request } from "../../lib/api.js";
import { model } from "../../state/model.js";

/** The server begins no further run after a minute, and gives way to alerts. */
const TIMEOUT_MS = 180_000;

/**
 * @param {string} id  of the drill
 * @param {{ seed: number, runs: number, from_s?: number }} how  `from_s`: second of its run from which it goes on
 * @returns {Promise<import("../../types/rehearsal.js").Rehearsal>}
 */
export const rehearse = (id, how) => request("POST", `/circles/${model.value.circleId}/drills/${id}/rehearsal`, { body: how, timeoutMs: TIMEOUT_MS });

/**
 * @param {string} id  of a drill
 * @param {number} fromS  second of its run
 * @returns {string} the address of the rehearsal that goes on from there
 */
export const rehearsalAddress = (id, fromS) => `/#${new URLSearchParams({ circle: String(model.value.circleId), rehearsal: id, from: String(fromS) })}`;
