// The people of a circle: who they are there, and who they belong to.

import { get, request } from "../../lib/api.js";

/**
 * @param {string} circleId
 * @returns {Promise<import("../../types/page.js").Person[]>}
 */
export const listPeople = (circleId) => get(`/circles/${circleId}/people`);

/**
 * @param {string} circleId
 * @returns {Promise<import("../../types/page.js").PartnerCard[]>}
 */
export const listPartners = (circleId) => get(`/circles/${circleId}/partners`);

/**
 * @param {string} circleId
 * @param {string} accountId
 * @param {{ role?: string, partner_id?: string | null, unit_ids?: string[] }} change
 */
export const changePerson = (circleId, accountId, change) =>
  request("PATCH", `/circles/${circleId}/people/${accountId}`, { body: change });

/**
 * @param {string} circleId
 * @param {string} accountId
 */
export const removePerson = (circleId, accountId) => request("DELETE", `/circles/${circleId}/people/${accountId}`);
