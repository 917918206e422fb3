// The plan of a drill while it is edited: what is added, removed and renumbered, and where something is wrong. Pure.

/**
 * @typedef {import("../../types/drills.js").DrillPlan} DrillPlan
 * @typedef {import("../../types/drills.js").Inject} Inject
 * @typedef {import("../../types/drills.js").Objective} Objective
 * @typedef {import("../../types/drills.js").PlanProblem} PlanProblem
 */

export const MEASURES = /** @type {const} */ (["first_on_scene", "partner_on_scene", "coming", "lane_clear", "counted", "observed"]);
export const INJECT_KINDS = /** @type {const} */ (["message", "telephone", "hazard", "closure", "unit_out", "casualty"]);
export const PARTNER_KINDS = /** @type {const} */ (["community", "property", "hospital", "police", "mini_fire_station", "fire_service", "volunteers"]);
/** Pictogram of each kind of inject. */
export const SYMBOLS = Object.freeze({ message: "script", telephone: "phone", hazard: "warning", closure: "barrier", unit_out: "no_signal", casualty: "medical" });
export const WITH_POINT = Object.freeze(["hazard", "casualty"]);
/** How many are counted; where it may be left out it is one. */
export const COUNTING = Object.freeze(["first_on_scene", "coming", "counted"]);
const EXPIRES_AFTER_S = 600;
const APART_S = 60;

/**
 * @param {string} typed  minutes and seconds, perhaps with hours before: 2:30, T+02:30, 1:00:00
 * @returns {number | null} seconds; null when it is none
 */
export function parseClock(typed) {
  const found = /^(?:t\s*\+)?\s*(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)$/i.exec(typed.normalize("NFKC").trim());
  if (!found) return null;
  const [, hours = "0", minutes, seconds] = found;
  if (found[1] !== undefined && Number(minutes) > 59) return null;
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

/**
 * @param {readonly Inject[]} injects
 * @returns {Inject[]} in the order in which they are given; those that wait for what may happen at any time come last, by number
 */
export function inTime(injects) {
  const known = new Map(injects.map((each) => [each.number, each]));
  const timeOf = (/** @type {Inject} */ { number, after_s, waits_for }, /** @type {readonly number[]} */ seen = []) => {
    if (!waits_for) return after_s;
    const first = waits_for.inject === null || seen.includes(number) ? undefined : known.get(waits_for.inject);
    /** @type {number} */
    const before = first ? timeOf(first, [...seen, number]) : Infinity;
    return before + after_s;
  };
  const times = new Map(injects.map((each) => [each, timeOf(each)]));
  const at = (/** @type {Inject} */ each) => times.get(each) ?? 0;
  return [...injects].sort((a, b) => (at(a) === at(b) ? a.number - b.number : at(a) - at(b)));
}

/**
 * @param {DrillPlan} plan
 * @param {Inject["kind"]} kind
 * @param {string} text
 * @returns {{ plan: DrillPlan, number: number }}
 */
export function withInject(plan, kind, text) {
  const { injects } = plan;
  const number = Math.max(0, ...injects.map((each) => each.number)) + 1;
  const last = Math.max(0, ...injects.filter((each) => !each.waits_for).map((each) => each.after_s));
  const after_s = injects.length === 0 ? 0 : Math.min(last + APART_S, plan.duration_s);
  /** @type {Inject} */
  const inject = { number, after_s, kind, text, expected: "", partner_ids: [], objective: null, waits_for: null, expires_after_s: EXPIRES_AFTER_S, lon: null, lat: null, closure: null, unit_id: null, wider_than_m: null, photo_id: null };
  return { plan: { ...plan, injects: [...injects, inject] }, number };
}

/**
 * @param {DrillPlan} plan
 * @param {number} number
 * @param {Partial<Inject>} change
 * @returns {DrillPlan}
 */
export function changedInject(plan, number, change) {
  return { ...plan, injects: plan.injects.map((each) => (each.number === number ? onlyItsOwn({ ...each, ...change }) : each)) };
}

/**
 * Of another kind, it has not what only the kind before has.
 * @param {Inject} inject
 */
function onlyItsOwn(inject) {
  const { kind, closure, unit_id, lon, lat } = inject;
  const hasPoint = WITH_POINT.includes(kind);
  return { ...inject, closure: kind === "closure" ? closure : null, unit_id: kind === "unit_out" ? unit_id : null, lon: hasPoint ? lon : null, lat: hasPoint ? lat : null };
}

/**
 * @param {DrillPlan} plan
 * @param {number} number
 * @returns {DrillPlan} without it; what waited for it, or counted from it, does not any more
 */
export function withoutInject(plan, number) {
  return {
    ...plan,
    injects: plan.injects.filter((each) => each.number !== number).map((each) => (each.waits_for?.inject === number ? { ...each, waits_for: null } : each)),
    objectives: plan.objectives.map((each) => (each.since_inject === number ? { ...each, since_inject: null } : each)),
  };
}

/**
 * @param {DrillPlan} plan
 * @returns {DrillPlan} numbered from 1 in the order of time, with all that refers to the numbers
 */
export function renumbered(plan) {
  const order = inTime(plan.injects);
  const now = new Map(order.map((each, at) => [each.number, at + 1]));
  const of = (/** @type {number | null} */ number) => (number === null ? null : (now.get(number) ?? null));
  return {
    ...plan,
    injects: order.map((each, at) => ({ ...each, number: at + 1, waits_for: each.waits_for && { ...each.waits_for, inject: of(each.waits_for.inject) } })),
    objectives: plan.objectives.map((each) => ({ ...each, since_inject: of(each.since_inject) })),
  };
}

/** @param {DrillPlan} plan */
export const isRenumbered = ({ injects }) => inTime(injects).every((each, at) => each.number === at + 1);

/**
 * @param {DrillPlan} plan
 * @returns {{ plan: DrillPlan, key: string }}
 */
export function withObjective(plan) {
  const keys = new Set(plan.objectives.map(({ key }) => key));
  let n = plan.objectives.length + 1;
  while (keys.has(`o${n}`)) n += 1;
  const key = `o${n}`;
  /** @type {Objective} */
  const objective = { key, text: "", measure: "first_on_scene", within_s: 180, since_inject: null, partner_kind: null, count: null };
  return { plan: { ...plan, objectives: [...plan.objectives, objective] }, key };
}

/**
 * @param {DrillPlan} plan
 * @param {string} key
 * @param {Partial<Objective>} change
 * @returns {DrillPlan}
 */
export function changedObjective(plan, key, change) {
  const put = (/** @type {Objective} */ each) => {
    const next = { ...each, ...change };
    if (change.measure === undefined || change.measure === each.measure) return next;
    const { measure } = change;
    const closes = plan.injects.find(({ kind }) => kind === "closure");
    return {
      ...next,
      partner_kind: measure === "partner_on_scene" ? PARTNER_KINDS[0] : null,
      count: COUNTING.includes(measure) && measure !== "first_on_scene" ? 1 : null,
      since_inject: measure === "lane_clear" ? (closes?.number ?? null) : each.since_inject,
    };
  };
  return { ...plan, objectives: plan.objectives.map((each) => (each.key === key ? put(each) : each)) };
}

/**
 * @param {DrillPlan} plan
 * @param {string} key
 * @returns {DrillPlan} without it; injects that tried it, or waited for it, do not any more
 */
export function withoutObjective(plan, key) {
  return {
    ...plan,
    objectives: plan.objectives.filter((each) => each.key !== key),
    injects: plan.injects.map((each) => ({
      ...each,
      objective: each.objective === key ? null : each.objective,
      waits_for: each.waits_for?.objective === key ? null : each.waits_for,
    })),
  };
}

/**
 * Lists are counted from 0 on the wire; what is shown stays with its inject or objective when others come and go.
 * @param {string | null} field  such as `injects.3.closure`
 * @param {DrillPlan} plan  that it is about
 * @returns {string | null} such as `injects.5.closure`, by number of the inject or key of the objective
 */
export function namedField(field, plan) {
  const [list, index, ...rest] = field?.split(".") ?? [];
  if (list !== "injects" && list !== "objectives") return field;
  if (index === undefined) return field;
  const at = Number(index);
  const name = list === "injects" ? plan.injects[at]?.number : plan.objectives[at]?.key;
  return name === undefined ? field : [list, name, ...rest].join(".");
}

/**
 * @param {import("../../types/drills.js").Drill | null} saved
 * @param {DrillPlan} plan  as it is now
 * @returns {PlanProblem[]} of the saved plan that nothing was typed against yet, each with its named field
 */
export function openProblems(saved, plan) {
  if (!saved) return [];
  return saved.problems
    .map(({ code, field }) => ({ code, field: namedField(field, saved.plan) ?? field }))
    .filter(({ field }) => JSON.stringify(valueAt(saved.plan, field)) === JSON.stringify(valueAt(plan, field)) && isThere(plan, field));
}

/**
 * @param {DrillPlan} plan
 * @param {string} field
 */
function thingAt(plan, field) {
  const [list, name = ""] = field.split(".");
  if (list === "injects") return plan.injects.find(({ number }) => String(number) === name);
  return list === "objectives" ? plan.objectives.find(({ key }) => key === name) : plan;
}

/**
 * @param {DrillPlan} plan
 * @param {string} field
 */
const isThere = (plan, field) => thingAt(plan, field) !== undefined;

/**
 * @param {DrillPlan} plan
 * @param {string} field
 */
function valueAt(plan, field) {
  const parts = field.split(".");
  const path = parts.length > 2 ? parts.slice(2) : parts;
  return path.reduce((/** @type {any} */ value, name) => value?.[name], thingAt(plan, field));
}

/**
 * @param {import("../../types/page.js").Model} model
 * @param {string} id
 * @returns {{ plan: DrillPlan | null, saved: import("../../types/drills.js").Drill | null, draft: import("../../types/drills.js").DrillDraft | null }}
 *   the plan as it is typed, or as it is saved
 */
export function planShown({ loaded: { drillPlan }, drillDraft }, id) {
  const saved = drillPlan.value?.id === id ? drillPlan.value : null;
  const draft = drillDraft?.id === id ? drillDraft : null;
  return { plan: draft?.plan ?? saved?.plan ?? null, saved, draft };
}
