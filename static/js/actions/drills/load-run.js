// The drill whose console is open: asked for again with everything that is heard of it.

import { get } from "../../lib/api.js";
import { may } from "../../state/access.js";
import { ongoingDrill } from "../../state/drills/ongoing.js";
import { keepLoaded } from "../../state/resources.js";
import { incidentById } from "../../state/selectors.js";

/** @typedef {import("../../types/page.js").Model} Model */

export function startAskingForRun() {
  keepLoaded("drillRun", ["phase", "circleId", "live", "view"], runOf, { keepsOld: true });
}

/** @param {Model} value */
function runOf({ phase, circleId, live, view }) {
  if (phase !== "open" || view.name !== "drill_run" || !live.snapshot || !may(live.viewer, "see_drill_plan")) return null;
  const path = `/circles/${circleId}/drills/${view.id}`;
  const { heard, snapshot, snapshotSeq } = live;
  const version = [snapshot.epoch, heard?.[view.id] ?? snapshotSeq, heard?.["drills"], answers(live, view.id)].join(" ");
  return { subject: path, version, ask: () => askFor(path, ongoingDrill(live, view.id) !== null) };
}

/**
 * What people answer to the exercise and whom they count by door meets objectives, and comes as events of their own.
 * @param {Model["live"]} live
 * @param {string} id
 */
function answers(live, id) {
  const incidentId = ongoingDrill(live, id)?.incident_id;
  const exercise = incidentId ? incidentById(live, incidentId) : null;
  const said = (exercise?.deliveries ?? []).reduce((sum, { times }) => sum + Object.keys(times).length, 0);
  const out = exercise?.roll_call?.doors.filter(({ state }) => state === "out").map(({ people, at }) => `${people} ${at}`) ?? [];
  return [said, ...out].join();
}

/**
 * @param {string} path
 * @param {boolean} isOngoing
 * @returns {Promise<import("../../types/drills.js").ShownRun>}
 */
async function askFor(path, isOngoing) {
  if (!isOngoing) {
    const drill = await get(path);
    if (drill.state === "planned" || drill.state === "called_off") return { drill, run: null, people: await peopleOf(path, drill), facts: [], outcomes: [], observations: [] };
  }
  return get(`${path}/run`);
}

/**
 * @param {string} path
 * @param {import("../../types/drills.js").Drill} drill
 * @returns {Promise<number | null>} whom a start would call; null where no way to the place is found, for instance
 */
async function peopleOf(path, { state, plan, problems }) {
  if (state !== "planned" || plan.mode === "tabletop" || problems.length > 0) return null;
  try {
    return (await get(`${path}/planned-reach`)).people;
  } catch {
    return null;
  }
}
