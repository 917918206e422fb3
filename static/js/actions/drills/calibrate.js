// What past drills and alerts propose for turnouts and speeds; a planner accepts one at a time.

import { get, request } from "../../lib/api.js";

const pathOf = (/** @type {string} */ circleId) => `/circles/${circleId}/calibration`;

/**
 * @param {string} circleId
 * @returns {Promise<import("../../types/rehearsal.js").ShownCalibration>}
 */
export const calibration = (circleId) => get(pathOf(circleId));

/**
 * @param {string} circleId
 * @param {string} unitId  whose turnout is accepted
 */
export const acceptTurnout = (circleId, unitId) => request("POST", pathOf(circleId), { body: { unit_ids: [unitId] } });

/**
 * @param {string} circleId
 * @param {string} profile  whose speeds are accepted
 * @param {string} version  of the speeds that were seen
 */
export const acceptSpeed = (circleId, profile, version) => request("POST", pathOf(circleId), { body: { profiles: [profile], profiles_version: version } });
