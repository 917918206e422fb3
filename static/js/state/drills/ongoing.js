// Drills that run: their clock, and what stands still. Pure; the twin of responder/domain/drills/run.py.

/**
 * @typedef {import("../../types/messages.js").DrillRun} DrillRun
 * @typedef {import("../../types/page.js").CircleState} CircleState
 */

/** Under which the device remembers what was seen in drills until the server has it. */
export const OBSERVED = "responder.observed";

/** @type {readonly DrillRun[]} */
const NONE = Object.freeze([]);

/**
 * @param {CircleState} live
 * @returns {readonly DrillRun[]} those that run or are paused
 */
export const ongoingDrills = ({ snapshot }) => snapshot?.drills ?? NONE;

/**
 * @param {CircleState} live
 * @param {string} id
 * @returns {DrillRun | null} null before its start and after its end
 */
export const ongoingDrill = (live, id) => ongoingDrills(live).find(({ drill_id }) => drill_id === id) ?? null;

/**
 * @param {DrillRun} run
 * @param {number} nowMs
 * @returns {number} seconds that its clock shows, which stands still in pauses and after the end
 */
export function clockS({ started_at, ended_at, pauses }, nowMs) {
  const untilMs = ended_at === null ? nowMs : Math.min(nowMs, Date.parse(ended_at));
  const pausedMs = pauses.reduce((sum, { begins_at, ends_at }) => {
    const endsMs = ends_at === null ? untilMs : Math.min(untilMs, Date.parse(ends_at));
    return sum + Math.max(0, endsMs - Date.parse(begins_at));
  }, 0);
  return Math.max(0, (untilMs - Date.parse(started_at) - pausedMs) / 1000);
}

/**
 * @param {DrillRun} run
 * @param {number} seconds  of its clock
 * @returns {number} the moment at which the clock showed them, in milliseconds; the twin of `clockS`
 */
export function momentMs({ started_at, pauses }, seconds) {
  let atMs = Date.parse(started_at) + seconds * 1000;
  for (const { begins_at, ends_at } of pauses) {
    if (Date.parse(begins_at) >= atMs) break;
    atMs += ends_at === null ? 0 : Date.parse(ends_at) - Date.parse(begins_at);
  }
  return atMs;
}

/**
 * @param {DrillRun} run
 * @returns {"running" | "paused" | "paused_by_alert" | "ended"}
 */
export function standingOf({ state, pauses }) {
  if (state !== "paused") return state === "ended" ? "ended" : "running";
  return pauses.at(-1)?.reason === "real_alert" ? "paused_by_alert" : "paused";
}

/**
 * @param {DrillRun} run
 * @param {string} closureId
 * @returns {number | null} the inject that closed the lane
 */
export const closedBy = ({ injects }, closureId) => injects.find(({ closure_id }) => closure_id === closureId)?.number ?? null;
