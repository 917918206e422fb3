// What a rehearsal shows, in words.

import { listed, number, stopwatch } from "../../../lib/format.js";
import { hasWords, nameOf, t } from "../../../lib/i18n.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/drills.js").DrillPlan} DrillPlan
 * @typedef {import("../../../types/rehearsal.js").PlanBreak} PlanBreak
 * @typedef {import("../../../types/rehearsal.js").Outcome} Outcome
 * @typedef {import("../../../types/rehearsal.js").ObjectiveChance} ObjectiveChance
 */

const MOST_NAMES = 4;

const clock = (/** @type {number | null} */ ms) => stopwatch((ms ?? 0) / 1000);

/**
 * @param {Model} model
 * @param {string} id  of a unit
 */
export function unitName({ live }, id) {
  const unit = live.snapshot?.units.find((each) => each.id === id);
  return unit ? nameOf(unit) : t("rehearse.a_unit");
}

/**
 * @param {Model} model
 * @param {readonly string[]} ids
 */
function unitNames(model, ids) {
  const names = ids.slice(0, MOST_NAMES).map((id) => unitName(model, id));
  return ids.length > names.length ? t("rehearse.and_more", { names: listed(names), n: number(ids.length - names.length) }) : listed(names);
}

/**
 * @param {DrillPlan} plan
 * @param {string | null} key
 */
export const objectiveText = ({ objectives }, key) => objectives.find((each) => each.key === key)?.text ?? "";

/**
 * @param {DrillPlan} plan
 * @param {number | null} at
 */
const injectText = ({ injects }, at) => injects.find((each) => each.number === at)?.text ?? "";

/** @param {Outcome} outcome */
export function outcomeWords({ is_simulated, is_met, took_ms, within_ms }) {
  if (!is_simulated) return t("rehearse.by_evaluator");
  if (took_ms === null) return t("rehearse.never");
  return t(is_met ? "rehearse.met" : "rehearse.late", { took: clock(took_ms), limit: clock(within_ms) });
}

/** @param {ObjectiveChance} chance */
export function chanceWords({ runs, met, p50_ms }) {
  const of = t("rehearse.chance", { runs: number(runs), met: number(met) });
  return p50_ms === null ? of : t("rehearse.with_median", { chance: of, time: clock(p50_ms) });
}

/**
 * One place where the plan breaks.
 * @param {PlanBreak} found
 * @param {DrillPlan} plan
 * @param {Model} model
 */
export function breakWords(found, plan, model) {
  const { code, objective, inject, unit_ids, partner_id, took_ms, limit_ms } = found;
  const partner = model.live.snapshot?.partners.find(({ id }) => id === partner_id);
  const values = {
    name: objectiveText(plan, objective),
    n: number(inject ?? 0),
    text: injectText(plan, inject),
    units: unitNames(model, unit_ids),
    partner: partner ? nameOf(partner) : "",
    took: clock(took_ms),
    limit: clock(limit_ms),
    late: clock(Math.max(0, (took_ms ?? 0) - (limit_ms ?? 0))),
    reason: reasonWords(found, plan),
    where: found.street ? t("rehearse.at_street", { street: found.street }) : "",
  };
  const variant = variantOf(found);
  const key = variant && hasWords(`rehearse.${code}_${variant}`) ? `rehearse.${code}_${variant}` : `rehearse.${code}`;
  return hasWords(key) ? t(key, values) : code;
}

/**
 * Why an objective is not met: for which unit or lane it waited, and how long.
 * @param {PlanBreak} found
 * @param {DrillPlan} plan
 * @param {Model} model
 */
export function causeWords({ causes }, plan, model) {
  const words = causes.map(({ code, unit_ids, inject, ms, count, need }) => {
    const values = { units: unitNames(model, unit_ids), n: number(inject ?? 0), text: injectText(plan, inject), time: clock(ms), count: number(count ?? 0), need: number(need ?? 0) };
    const key = `rehearse.cause_${code}`;
    const ofInject = `${key}_by_inject`;
    return t(inject !== null && hasWords(ofInject) ? ofInject : key, values);
  });
  return words.length === 0 ? "" : t("rehearse.because", { causes: words.join(t("rehearse.and_because")) });
}

/**
 * In which rehearsals it holds; nothing where it does not depend on chance.
 * @param {PlanBreak} found
 * @param {number} shown  seed of the rehearsal that is shown
 */
export function scopeWords({ runs, holds_in, seed }, shown) {
  if (runs === null || holds_in === null) return "";
  if (runs === 1) return t("rehearse.in_this_run");
  const values = { runs: number(runs), n: number(holds_in), seed: String(seed) };
  return t(seed === shown ? "rehearse.in_this_and_others" : "rehearse.in_others", values);
}

/** @param {PlanBreak} found */
function variantOf({ code, inject, took_ms }) {
  if (code === "objective_missed") return took_ms === null ? "never" : "";
  if (code === "no_aed_nearby") return `${inject === null ? "place" : "casualty"}${took_ms === null ? "_none" : ""}`;
  return code === "unit_cut_off" && inject !== null ? "by_inject" : "";
}

/**
 * @param {PlanBreak} found
 * @param {DrillPlan} plan
 */
function reasonWords({ code, reason, have, need, is_assumed, inject, objective }, plan) {
  if (code === "partner_not_in_reach") return reason === "no_units" ? t("rehearse.no_units") : t(`not_reached.${reason}`);
  if (code === "inject_never_due") return t(`rehearse.waits_${reason}`, { name: objectiveText(plan, objective) });
  if (code !== "vehicle_stops") return "";
  if (inject !== null) return t("rehearse.stop_inject", { n: number(inject), text: injectText(plan, inject) });
  const measured = have !== null && need !== null && hasWords(`stop.${reason}_measured`);
  const words = measured ? t(`stop.${reason}_measured`, { have: number(have ?? 0), need: number(need ?? 0) }) : t(`stop.${reason}`);
  return is_assumed ? t("rehearse.assumed_width", { words }) : words;
}

/**
 * @param {import("../../../state/drills/rehearsal.js").Line} line
 * @param {DrillPlan} plan
 * @param {Model} model
 * @param {boolean} isLate  the objective that it is about was not met in time
 */
export function lineWords({ kind, unitIds, of }, plan, model, isLate) {
  const { inject, objective, people, delay_ms } = of;
  const values = {
    units: unitNames(model, unitIds),
    count: number(unitIds.length),
    n: number(inject ?? 0),
    text: injectText(plan, inject),
    name: objectiveText(plan, objective),
    people: number(people ?? 0),
    delay: clock(Math.abs(delay_ms ?? 0)),
  };
  if (kind === "rerouted") return t(delay_ms === null ? "rehearse.on_again" : delay_ms < 0 ? "rehearse.rerouted_sooner" : "rehearse.rerouted", values);
  if (kind === "counted" && unitIds.length === 0) return t("rehearse.line_counted_so_far", values);
  if (kind === "objective_met" && isLate) return t("rehearse.line_objective_late", values);
  return t(`rehearse.line_${kind}`, values);
}

