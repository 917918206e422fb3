// What each role may do, to show only what can be done. The server decides; a test compares this with
// responder/domain/access.py.

/** @type {Readonly<Record<string, readonly string[]>>} */
export const MAY = Object.freeze({
  view: ["coordinator", "dispatcher", "responder", "planner", "observer"],
  raise_alert: ["coordinator", "dispatcher"],
  raise_exercise: ["coordinator", "planner"],
  end_incident: ["coordinator", "dispatcher"],
  end_exercise: ["coordinator", "planner"],
  answer_alert: ["coordinator", "dispatcher", "responder"],
  see_all_incidents: ["coordinator", "planner", "observer"],
  set_closure: ["coordinator", "dispatcher"],
  edit_map: ["coordinator", "planner"],
  set_duty: ["coordinator", "dispatcher", "responder"],
  report_position: ["dispatcher", "responder"],
  manage_people: ["coordinator"],
  read_audit: ["coordinator"],
  export: ["coordinator", "planner"],
});

/**
 * @param {{ role: string } | null} viewer
 * @param {string} action
 */
export function may(viewer, action) {
  return viewer !== null && (MAY[action]?.includes(viewer.role) ?? false);
}
