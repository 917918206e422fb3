// What each role may do, to show only what can be done. The server decides; a test compares this with
// responder/domain/people/access.py.

/** @type {Readonly<Record<string, readonly string[]>>} */
export const MAY = Object.freeze({
  view: ["coordinator", "dispatcher", "responder", "planner", "observer"],
  raise_alert: ["coordinator", "dispatcher"],
  raise_exercise: ["coordinator", "planner"],
  direct_incident: ["coordinator", "dispatcher"],
  direct_exercise: ["coordinator", "planner"],
  end_incident: ["coordinator", "dispatcher"],
  end_exercise: ["coordinator", "planner"],
  answer_alert: ["coordinator", "dispatcher", "responder"],
  see_all_incidents: ["coordinator", "planner", "observer"],
  see_ladder: ["coordinator", "dispatcher", "planner"],
  edit_ladders: ["coordinator"],
  set_closure: ["coordinator", "dispatcher"],
  edit_map: ["coordinator", "planner"],
  set_duty: ["coordinator", "dispatcher", "responder"],
  report_position: ["dispatcher", "responder"],
  manage_people: ["coordinator"],
  configure_alerts: ["coordinator"],
  manage_channels: ["coordinator"],
  manage_households: ["coordinator"],
  plan_drill: ["coordinator", "planner"],
  see_drill_plan: ["coordinator", "planner", "observer"],
  run_drill: ["coordinator", "planner"],
  observe_drill: ["coordinator", "dispatcher", "responder", "planner", "observer"],
  see_findings: ["coordinator", "dispatcher", "planner", "observer"],
  manage_reports: ["coordinator"],
  inspect_facilities: ["coordinator", "dispatcher", "responder", "planner"],
  manage_hazards: ["coordinator"],
  mend_hazard: ["coordinator", "dispatcher"],
  edit_pact: ["coordinator"],
  sign_pact: ["coordinator", "dispatcher"],
  record_duty: ["coordinator", "dispatcher", "responder"],
  edit_roster: ["coordinator", "dispatcher"],
  read_audit: ["coordinator"],
  export: ["coordinator", "planner"],
});

export const ADMINISTRATORS_MAY = Object.freeze(["manage_people", "read_audit"]);

/**
 * @param {{ role: string } | null} viewer
 * @param {string} action
 */
export function may(viewer, action) {
  return viewer !== null && (MAY[action]?.includes(viewer.role) ?? false);
}

/**
 * Administrators of the platform set right who belongs to a circle, whatever they are in it.
 * @param {import("../types/page.js").Model} model
 * @param {string} action
 */
export function mayHere({ live, account }, action) {
  return may(live.viewer, action) || (account?.admin === true && ADMINISTRATORS_MAY.includes(action));
}
