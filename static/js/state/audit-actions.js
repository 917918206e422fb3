// What a circle's audit log records, and how it is read; sign-ins and passwords belong to no circle. A test compares this with
// responder/domain/audit.py.

export const AUDIT_ACTIONS = Object.freeze([
  "alert_raised",
  "alert_catalogue_updated",
  "incident_stage_set",
  "incident_severity_set",
  "incident_moved",
  "update_sent",
  "incident_ended",
  "roll_call_begun",
  "roll_call_changed",
  "proposals_received",
  "proposal_confirmed",
  "proposal_dismissed",
  "report_link_opened",
  "report_link_closed",
  "report_accepted",
  "report_dismissed",
  "report_shown",
  "report_content_removed",
  "ladder_step_taken",
  "ladder_step_stopped",
  "ladders_updated",
  "neighbour_agreed",
  "neighbour_ended",
  "closure_created",
  "closure_lifted",
  "duty_changed",
  "pact_drafted",
  "pact_changed",
  "pact_signed",
  "pact_exported",
  "duty_recorded",
  "duty_record_removed",
  "roster_changed",
  "shift_swapped",
  "households_viewed",
  "households_exported",
  "alley_sheet_printed",
  "household_details_viewed",
  "households_searched",
  "household_created",
  "household_changed",
  "household_confirmed",
  "household_consent_withdrawn",
  "household_erased",
  "household_exported",
  "household_sheet_imported",
  "household_retention_changed",
  "households_expired",
  "map_imported",
  "map_removed",
  "feature_created",
  "feature_changed",
  "profiles_updated",
  "channel_created",
  "channel_changed",
  "channel_removed",
  "channels_tested",
  "contact_added",
  "contact_verified",
  "contact_removed",
  "invitation_created",
  "invitation_used",
  "invitation_withdrawn",
  "member_changed",
  "member_removed",
  "circle_created",
  "audit_read",
]);

/** Comes with each opened page: written down every time, and read as one row, or it would hide the rest. */
const COMES_WITH_A_PAGE = "households_viewed";

/**
 * @param {readonly import("../types/page.js").AuditRecord[]} records
 * @returns {import("../types/page.js").AuditRecord[][]} in their order; what comes with opened pages one after the other is together
 */
export function inRuns(records) {
  /** @type {import("../types/page.js").AuditRecord[][]} */
  const runs = [];
  for (const record of records) {
    const run = runs.at(-1);
    if (record.action === COMES_WITH_A_PAGE && run?.[0]?.action === COMES_WITH_A_PAGE) run.push(record);
    else runs.push([record]);
  }
  return runs;
}
