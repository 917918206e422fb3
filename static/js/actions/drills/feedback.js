// What participants say of a drill: shown to staff, opened and closed by planners.

import { request } from "../../lib/api.js";

/** @typedef {import("../../types/drills.js").ShownFeedback} ShownFeedback */

/**
 * @param {string} circleId
 * @param {string} drillId
 * @returns {Promise<ShownFeedback>}
 */
export const loadFeedback = (circleId, drillId) => request("GET", `/circles/${circleId}/drills/${drillId}/feedback`);

/**
 * @param {string} circleId
 * @param {string} drillId
 * @param {boolean} open
 * @returns {Promise<ShownFeedback>}
 */
export const setFeedbackOpen = (circleId, drillId, open) => request(open ? "POST" : "DELETE", `/circles/${circleId}/drills/${drillId}/feedback-link`);

/**
 * @param {string} circleId
 * @param {string} drillId
 * @param {string} feedbackId
 * @returns {Promise<ShownFeedback>}
 */
export const removeText = (circleId, drillId, feedbackId) => request("DELETE", `/circles/${circleId}/drills/${drillId}/feedback/${feedbackId}/text`);

/**
 * @param {string} circleId
 * @param {string} drillId
 */
export const feedbackCode = (circleId, drillId) => `/api/circles/${circleId}/drills/${drillId}/feedback-link.svg`;
