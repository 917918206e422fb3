// The circle's drills, templates for new ones, the plan that is looked at, and who should arrive when: asked for while shown.

import { get } from "../../lib/api.js";
import { may } from "../../state/access.js";
import { keepLoaded } from "../../state/resources.js";

/** @typedef {import("../../types/page.js").Model} Model */

/** What shows drills by their names. */
const WITH_LIST = ["drills", "findings", "finding"];

/** Grows with every change of a drill that this page has heard of. */
export const drillsKey = (/** @type {Model["live"]} */ { heard, snapshot, snapshotSeq }) => `${snapshot?.epoch} ${heard?.["drills"] ?? snapshotSeq ?? 0}`;

export function startAskingForDrills() {
  const restsOn = /** @type {(keyof Model)[]} */ (["phase", "circleId", "live", "view", "loaded"]);
  keepLoaded("drills", restsOn, listOf, { keepsOld: true });
  keepLoaded("drillTemplates", restsOn, templatesOf);
  keepLoaded("drillPlan", restsOn, planOf, { keepsOld: true });
  keepLoaded("plannedReach", restsOn, reachOf);
}

/** @param {Model} value */
function listOf({ phase, circleId, live, view }) {
  if (phase !== "open" || !WITH_LIST.includes(view.name) || !live.snapshot) return null;
  const path = `/circles/${circleId}/drills`;
  return { subject: path, version: drillsKey(live), ask: () => everyDrill(path) };
}

/**
 * Page by page: the last created come first, and what is planned may have been created long ago.
 * @param {string} path
 * @returns {Promise<import("../../types/drills.js").DrillCard[]>}
 */
async function everyDrill(path) {
  const found = [];
  for (let next = ""; next !== null; ) {
    const page = await get(next ? `${path}?before=${next}` : path);
    found.push(...page.drills);
    next = page.next;
  }
  return found;
}

/** @param {Model} value */
function templatesOf({ phase, circleId, live, view }) {
  if (phase !== "open" || view.name !== "drills" || !live.snapshot || !may(live.viewer, "plan_drill")) return null;
  const path = `/circles/${circleId}/drill-templates`;
  return { subject: path, version: null, ask: async () => (await get(path)).templates };
}

/**
 * @param {Model} value
 * @returns {string | null} the drill whose plan is looked at, also while a lane of it is drawn
 */
function planId({ view }) {
  return view.name === "drill" || view.name === "rehearsal" ? view.id : view.name === "closure_draft" ? (view.inject?.drill ?? null) : null;
}

/** @param {Model} value */
function planOf(value) {
  const { phase, circleId, live } = value;
  const id = planId(value);
  if (phase !== "open" || !id || !live.snapshot || !may(live.viewer, "see_drill_plan")) return null;
  const path = `/circles/${circleId}/drills/${id}`;
  return { subject: path, version: drillsKey(live), ask: () => get(path) };
}

/** @param {Model} value */
function reachOf(value) {
  const { phase, circleId, live, loaded } = value;
  const id = value.view.name === "rehearsal" ? null : planId(value);
  const saved = loaded.drillPlan.value;
  if (phase !== "open" || !live.snapshot || !id || saved?.id !== id || saved.state !== "planned") return null;
  const path = `/circles/${circleId}/drills/${id}/planned-reach`;
  return { subject: path, version: `${saved.version} ${live.snapshot.reach_version}`, ask: () => get(path) };
}
