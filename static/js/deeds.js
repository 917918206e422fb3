// What a circle's audit log records; sign-ins and passwords belong to no circle. A test compares this with
// responder/domain/audit.py.

export const DEEDS = Object.freeze([
  "alert_raised",
  "incident_ended",
  "closure_set",
  "closure_lifted",
  "duty_changed",
  "households_viewed",
  "households_exported",
  "map_imported",
  "profiles_set",
  "invitation_made",
  "invitation_used",
  "invitation_withdrawn",
  "member_changed",
  "member_removed",
  "circle_made",
  "audit_read",
]);
