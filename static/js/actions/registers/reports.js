// Reports of residents: asked for while they are looked at, accepted, dismissed; and the link by which they come.

import { get, request } from "../../lib/api.js";
import { may } from "../../state/access.js";
import { model } from "../../state/model.js";
import { keepLoaded } from "../../state/resources.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/reports.js").ShownReportLink} ShownReportLink
 */

const RESTS_ON = /** @type {(keyof Model)[]} */ (["phase", "circleId", "live", "view"]);
const SHOWN = 50;

export function startAskingForReports() {
  keepLoaded("waitingReports", RESTS_ON, (value) => reportsOf(value, true), { keepsOld: true });
  keepLoaded("decidedReports", RESTS_ON, (value) => reportsOf(value, false), { keepsOld: true });
}

/**
 * @param {Model} value
 * @param {boolean} waiting
 */
function reportsOf({ phase, circleId, live, view }, waiting) {
  if (phase !== "open" || !live.snapshot || view.name !== "register" || !may(live.viewer, "manage_reports")) return null;
  // How many wait is told where the registers are listed; those decided on are only listed on their own page.
  if (view.page !== "reports" && !(waiting && view.page === "home")) return null;
  const path = `/circles/${circleId}/reports?waiting=${waiting}&limit=${SHOWN}`;
  const { heard, snapshot, snapshotSeq } = live;
  const version = `${snapshot.epoch} ${heard?.["reports"] ?? snapshotSeq ?? 0}`;
  return { subject: path, version, ask: () => get(path) };
}

const base = () => `/circles/${model.value.circleId}`;

/**
 * @param {string} id
 * @param {import("../../types/reports.js").Acceptance} body
 */
export const acceptReport = (id, body) => request("POST", `${base()}/reports/${id}/accept`, { body });

/**
 * @param {string} id
 * @param {import("../../types/reports.js").DismissalReason} reason
 */
export const dismissReport = (id, reason) => request("POST", `${base()}/reports/${id}/dismiss`, { body: { reason } });

/**
 * @param {string} id
 * @param {{ shows_text: boolean, shows_photo: boolean }} body
 */
export const showPublicly = (id, body) => request("PUT", `${base()}/reports/${id}/shown`, { body });

/** @param {string} id */
export const removeContent = (id) => request("DELETE", `${base()}/reports/${id}/content`);

/** @param {string} id */
export const reportPhoto = (id) => `/api${base()}/reports/${id}/photo`;

/** @returns {Promise<ShownReportLink>} */
export const loadLink = () => get(`${base()}/report-link`);

/**
 * @param {boolean} renew  put another in the place of the one that is open
 * @returns {Promise<ShownReportLink>}
 */
export const openLink = (renew) => request("POST", `${base()}/report-link`, { body: { renew } });

/** @returns {Promise<ShownReportLink>} */
export const closeLink = () => request("DELETE", `${base()}/report-link`);

/** @param {"link.svg" | "poster.html" | "poster.pdf"} what */
export const printed = (what) => `/api${base()}/report-${what}`;
