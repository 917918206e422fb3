// The ladder of an incident and its clocks: what comes next, which marks are kept, who is late, of whom no one comes. Pure.

import { calls, rank } from "./selectors.js";

/**
 * @typedef {import("../types/messages.js").IncidentDetail} IncidentDetail
 * @typedef {import("../types/messages.js").Ladder} Ladder
 * @typedef {import("../types/messages.js").LadderStep} LadderStep
 * @typedef {import("../types/messages.js").Mark} Mark
 * @typedef {import("../types/messages.js").Delivery} Delivery
 * @typedef {import("../types/messages.js").Partner} Partner
 */

/** A planned step that is so many seconds overdue was not taken by any process: a person has to. */
export const OVERDUE_S = 5;

const COMING = ["accepted", "en_route", "on_scene"];
const OWN_STATION = ["mini_fire_station", "property"];

/**
 * @param {Ladder} ladder
 * @returns {LadderStep | null} the planned step that is due first
 */
export function nextStep({ steps }) {
  const planned = steps.filter((step) => step.state === "planned");
  return planned.sort((a, b) => Date.parse(a.due_at) - Date.parse(b.due_at) || a.number - b.number)[0] ?? null;
}

/**
 * @param {LadderStep} step
 * @param {number} nowMs
 * @returns {number} seconds until the step is due; below zero when it is overdue
 */
export const secondsUntil = ({ due_at }, nowMs) => (Date.parse(due_at) - nowMs) / 1000;

/**
 * @param {LadderStep} step
 * @returns {boolean} whether staff can still take it
 */
export const canBeTaken = ({ state }) => state !== "taken";

/**
 * @param {IncidentDetail} detail
 * @param {readonly Partner[]} partners
 * @returns {{ mark: Mark, atS: number | null }[]} each mark with the seconds after which it was reached; null when it is not
 */
export function marksOf(detail, partners) {
  const raisedMs = Date.parse(detail.incident.raised_at);
  return (detail.ladder?.marks ?? []).map((mark) => {
    const reachedMs = reachedAt(mark, calls(detail), partners);
    return { mark, atS: reachedMs === null ? null : Math.max(0, (reachedMs - raisedMs) / 1000) };
  });
}

/**
 * @param {Mark} mark
 * @param {readonly Delivery[]} all
 * @param {readonly Partner[]} partners
 * @returns {number | null}
 */
function reachedAt({ goal }, all, partners) {
  const of = (/** @type {readonly string[]} */ kinds) => {
    const ids = partners.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
    return all.filter((delivery) => ids.includes(delivery.partner_id));
  };
  switch (goal) {
    case "own_station":
      return nth(of(OWN_STATION).map((each) => timeOf(each, "en_route")), 1);
    case "neighbours":
      return nth(firstOfEachPartner(all, "en_route"), 2);
    case "fire_service":
      return nth(of(["fire_service"]).map((each) => timeOf(each, "on_scene")), 1);
    case "turned_out":
      return nth(all.map((each) => timeOf(each, "en_route")), 1);
    case "on_scene":
      return nth(all.map((each) => timeOf(each, "on_scene")), 1);
    default:
      return nth(firstOfEachPartner(all, "on_scene"), 2);
  }
}

/**
 * @param {readonly Delivery[]} all
 * @param {"en_route" | "on_scene"} state
 */
function firstOfEachPartner(all, state) {
  const ids = [...new Set(all.map(({ partner_id }) => partner_id))];
  return ids.map((id) => nth(all.filter((each) => each.partner_id === id).map((each) => timeOf(each, state)), 1));
}

/**
 * @param {Delivery} delivery
 * @param {"en_route" | "on_scene"} state
 * @returns {number | null} when the person was so far, or further
 */
function timeOf({ times }, state) {
  const [first] = Object.entries(times)
    .filter(([name]) => COMING.includes(name) && rank(name) >= rank(state))
    .map(([, at]) => Date.parse(at))
    .sort((a, b) => a - b);
  return first ?? null;
}

/**
 * @param {readonly (number | null)[]} times
 * @param {number} n
 * @returns {number | null} the n-th of them in time
 */
function nth(times, n) {
  const known = times.filter((each) => each !== null).sort((a, b) => Number(a) - Number(b));
  return known[n - 1] ?? null;
}

/**
 * @typedef {object} Arrival  one unit's way, as it was expected and as it is
 * @property {import("../types/messages.js").Member} member
 * @property {number} dueMs  when it should be there: from the first of its people who came, or else from the alert
 * @property {number | null} arrivedMs
 * @property {boolean} isComing
 */

/**
 * @param {IncidentDetail} detail
 * @returns {Arrival[]} units of which someone comes or is there, the first expected first
 */
export function arrivalsOf(detail) {
  const all = calls(detail);
  const raisedMs = Date.parse(detail.incident.raised_at);
  return detail.response_circle.members
    .map((member) => {
      const own = all.filter((delivery) => delivery.unit_id === member.unit_id && (COMING.includes(delivery.state) || "on_scene" in delivery.times));
      const leftMs = nth(own.map(({ times }) => (times["en_route"] ? Date.parse(times["en_route"]) : null)), 1);
      // Who has left needs the way alone, who has not needs to turn out first.
      const dueMs = leftMs === null ? raisedMs + 1000 * member.response_s : leftMs + 1000 * member.travel_s;
      return { member, dueMs, arrivedMs: nth(own.map((each) => timeOf(each, "on_scene")), 1), isComing: own.length > 0 };
    })
    .filter(({ isComing }) => isComing)
    .sort((a, b) => a.dueMs - b.dueMs);
}

/**
 * @param {IncidentDetail} detail
 * @param {readonly Partner[]} partners
 * @returns {Partner[]} those of whom people are called and no one comes
 */
export function partnersWithoutAnyone(detail, partners) {
  const all = calls(detail);
  const called = new Set(all.map(({ partner_id }) => partner_id));
  const coming = new Set(all.filter(({ state, times }) => COMING.includes(state) || "on_scene" in times).map(({ partner_id }) => partner_id));
  return partners.filter(({ id }) => called.has(id) && !coming.has(id));
}
