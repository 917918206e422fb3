// Findings of drills and the yearly programme: asked for while something shows them.

import { get } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { may } from "../../state/access.js";
import { keepLoaded } from "../../state/resources.js";
import { drillsKey } from "./load-drills.js";

/** @typedef {import("../../types/page.js").Model} Model */

const RESTS_ON = /** @type {(keyof Model)[]} */ (["phase", "circleId", "live", "view", "loaded"]);

/** Grows with every change of a finding that this page has heard of, and with the day. */
const findingsKey = (/** @type {Model["live"]} */ { heard, snapshot, snapshotSeq }) =>
  `${snapshot?.epoch} ${heard?.["findings"] ?? snapshotSeq ?? 0} ${new Date(now()).toDateString()}`;

/**
 * @param {Model} value
 * @param {string} action
 */
const isOpenTo = ({ phase, live }, action) => phase === "open" && live.snapshot !== null && may(live.viewer, action);

/** How many are overdue, for the overview: after the alerts. */
export function startCountingOverdue() {
  keepLoaded(
    "overdueFindings",
    ["phase", "circleId", "live", "rest"],
    (value) => {
      if (!value.rest || !isOpenTo(value, "see_findings")) return null;
      const path = `/circles/${value.circleId}/findings?overdue=true&limit=1`;
      return { subject: path, version: findingsKey(value.live), ask: () => get(path) };
    },
    { keepsOld: true },
  );
}

export function startAskingForFindings() {
  keepLoaded("findings", RESTS_ON, listOf, { keepsOld: true });
  keepLoaded("planFindings", RESTS_ON, ofPlan, { keepsOld: true });
  keepLoaded("drillProgramme", RESTS_ON, programmeOf, { keepsOld: true });
}

/** @param {Model} value */
function listOf(value) {
  const { circleId, live, view } = value;
  if ((view.name !== "findings" && view.name !== "finding") || !isOpenTo(value, "see_findings")) return null;
  const path = `/circles/${circleId}/findings`;
  return { subject: path, version: findingsKey(live), ask: () => everyPage(path) };
}

const AT_MOST = 10;

/**
 * @param {string} path
 * @returns {Promise<import("../../types/findings.js").FindingPage>}
 */
async function everyPage(path) {
  const first = await get(path);
  const findings = [...first.findings];
  let { next } = first;
  for (let page = 1; next && page < AT_MOST; page += 1) {
    const more = await get(`${path}?before=${next}`);
    findings.push(...more.findings);
    next = more.next;
  }
  return { ...first, findings, next };
}

/**
 * Where a drill is planned, what is open from earlier ones; on its console, what it showed itself.
 * @param {Model} value
 */
function ofPlan(value) {
  const { circleId, live, view } = value;
  if ((view.name !== "drill" && view.name !== "drill_run") || !isOpenTo(value, "see_drill_plan")) return null;
  const path = `/circles/${circleId}/findings?${view.name === "drill" ? "open=true&for_drill" : "drill_id"}=${view.id}`;
  return { subject: path, version: `${findingsKey(live)} ${drillsKey(live)}`, ask: () => get(path) };
}

/** @param {Model} value */
function programmeOf(value) {
  const { circleId, live, view } = value;
  if (view.name !== "programme" || !isOpenTo(value, "see_drill_plan")) return null;
  const path = `/circles/${circleId}/drill-programme?every_days=${view.everyDays}${view.year ? `&year=${view.year}` : ""}`;
  return { subject: path, version: `${findingsKey(live)} ${drillsKey(live)}`, ask: () => get(path) };
}
