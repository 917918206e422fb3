// Where the pictures of injects are. Pure.

/**
 * @param {string | null} circleId
 * @param {string} drillId
 * @param {Pick<import("../../types/drills.js").Inject, "photo_id">} inject
 * @returns {string | null} address for those who may see the plan; null when it carries none
 */
export const photoOf = (circleId, drillId, { photo_id }) => (photo_id ? `/api/circles/${circleId}/drills/${drillId}/photos/${photo_id}` : null);
