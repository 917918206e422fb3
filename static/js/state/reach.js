// What answers about reach rest on, and what is read from them. Pure.

import { inForce } from "./closures.js";

/**
 * Changes with all that changes who can be where in time: what the server counts, and closures that begin or end by the
 * clock.
 * @param {import("../types/messages.js").CircleSnapshot} snapshot
 * @param {number} nowMs
 */
export function reachKey({ reach_version, closures }, nowMs) {
  const closed = closures.filter((closure) => inForce(closure, nowMs)).map(({ id }) => id);
  return `${reach_version};${closed.sort().join()}`;
}

/**
 * The same for rankings, which tell of hazards as well.
 * @param {import("../types/messages.js").CircleSnapshot} snapshot
 * @param {number} nowMs
 */
export function rankingKey(snapshot, nowMs) {
  const open = snapshot.hazards.filter(({ state }) => state !== "closed").map(({ id }) => id);
  return `${reachKey(snapshot, nowMs)};${open.sort().join()}`;
}

/**
 * @param {readonly import("../types/reach.js").Loss[]} losses
 * @param {number} limitS
 */
export function lossesWithin(losses, limitS) {
  return losses.filter((loss) => loss.limit_s === limitS && loss.households > 0);
}

/** @param {readonly import("../types/reach.js").Loss[]} losses */
export function kindsLost(losses) {
  return [...new Set(losses.filter((loss) => loss.households > 0).map(({ kind }) => kind))];
}
