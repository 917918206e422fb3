// How injects and objectives of a drill that runs stand. Pure.

/**
 * @typedef {import("../../types/messages.js").DrillRun} DrillRun
 * @typedef {import("../../types/messages.js").InjectRun} InjectRun
 * @typedef {import("../../types/drills.js").Inject} Inject
 * @typedef {import("../../types/drills.js").Objective} Objective
 * @typedef {import("../../types/drills.js").ObjectiveOutcome} ObjectiveOutcome
 *
 * @typedef {"give" | "hold" | "let_go" | "skip" | "undo"} InjectDeed
 */

/** What can be done with an inject; the twin of `_FROM` in responder/services/drills/steer_drill.py. @type {Readonly<Record<string, readonly InjectDeed[]>>} */
const DEEDS = Object.freeze({
  planned: ["give", "hold", "skip"],
  held: ["give", "let_go", "skip"],
  given: ["undo"],
  skipped: ["undo"],
  expired: ["give", "undo"],
});

/**
 * @param {InjectRun} inject
 * @param {DrillRun} run
 * @returns {readonly InjectDeed[]} nothing is given while the clock stands still, and nothing is done after the end
 */
export function deedsOf({ state }, run) {
  if (run.state === "ended") return [];
  return (DEEDS[state] ?? []).filter((deed) => deed !== "give" || run.state === "running");
}

/**
 * @param {DrillRun} run
 * @returns {InjectRun | null} that which comes next by itself, or else the first that waits or is held
 */
export function nextInject({ injects }) {
  const due = (/** @type {InjectRun} */ each) => each.due_s ?? Infinity;
  const planned = injects.filter(({ state }) => state === "planned").sort((a, b) => due(a) - due(b) || a.number - b.number);
  return planned[0] ?? injects.find(({ state }) => state === "held") ?? null;
}

/**
 * @param {DrillRun} run
 * @returns {InjectRun[]} those given, the first given first
 */
export const givenInjects = ({ injects }) => injects.filter(({ state }) => state === "given").sort((a, b) => (a.at_s ?? 0) - (b.at_s ?? 0) || a.number - b.number);

/**
 * How many were counted at the assembly point: by door where the exercise has a roll-call, or else by number.
 * @param {DrillRun} run
 * @param {import("../../types/messages.js").RollCall | null} [rollCall]
 */
export const counted = ({ facts }, rollCall) =>
  rollCall ? rollCall.doors.reduce((sum, { state, people }) => sum + (state === "out" ? people : 0), 0) : facts.reduce((sum, { kind, people }) => sum + (kind === "counted" ? people : 0), 0);

/**
 * @typedef {object} Standing
 * @property {"met" | "late" | "open" | "overdue" | "missed" | "not_measured" | "not_begun"} state
 * @property {number | null} tookS  on its own clock, which goes on while it is open; null before that has begun
 * @property {number} withinS
 */

/**
 * @param {Objective} objective
 * @param {ObjectiveOutcome | undefined} outcome
 * @param {DrillRun} run
 * @param {number} nowS  what the drill's clock shows
 * @returns {Standing}
 */
export function standingOfObjective({ since_inject, within_s: withinS }, outcome, run, nowS) {
  // Once it is over, by the words of the report.
  if (run.state === "ended") return { state: outcome?.outcome ?? "not_measured", tookS: outcome?.took_s ?? null, withinS };
  if (outcome && outcome.took_s !== null) return { state: outcome.in_time ? "met" : "late", tookS: outcome.took_s, withinS };
  const since = since_inject === null ? 0 : (run.injects.find(({ number, state }) => number === since_inject && state === "given")?.at_s ?? null);
  const tookS = since === null ? null : Math.max(0, nowS - since);
  if (tookS === null) return { state: "not_begun", tookS, withinS };
  return { state: tookS > withinS ? "overdue" : "open", tookS, withinS };
}
