// Who did what: searching the audit log, and having its chain checked.

import { get, query } from "../../lib/api.js";

const PAGE = 50;

/**
 * @param {string} circleId
 * @param {import("../../types/page.js").AuditFilter} filter
 * @param {number | null} before  number of the record to go on before
 * @returns {Promise<import("../../types/page.js").AuditPage>} newest first
 */
export function readAudit(circleId, { actor, action, since, until }, before) {
  const asked = {
    actor: actor || null,
    action: action || null,
    since: since ? startOfDay(since).toISOString() : null,
    // The last day counts as a whole.
    until: until ? dayAfter(until).toISOString() : null,
    before,
    limit: PAGE,
  };
  return get(`/circles/${circleId}/audit${query(asked)}`);
}

/**
 * @param {string} circleId
 * @returns {Promise<import("../../types/page.js").Verification>}
 */
export const verifyAudit = (circleId) => get(`/circles/${circleId}/audit/verification`);

/** @param {string} day  such as 2026-01-31, in the device's time zone */
const startOfDay = (day) => new Date(`${day}T00:00`);

/** @param {string} day */
function dayAfter(day) {
  const date = startOfDay(day);
  date.setDate(date.getDate() + 1);
  return date;
}
