// Which units come, with whom: a person in several units comes with one of them. Pure.

import { kindOf } from "./kinds.js";
import { calls, incidentById, myCall, rank } from "./selectors.js";

/**
 * @typedef {import("../types/page.js").CircleState} CircleState
 * @typedef {import("../types/messages.js").IncidentDetail} IncidentDetail
 * @typedef {import("../types/messages.js").Delivery} Delivery
 */

/**
 * @param {IncidentDetail} detail
 * @returns {ReadonlySet<string>} units that could be there in time and of which no one could be called: they have to be rung
 */
export function unrecordedUnitIds(detail) {
  if (detail.incident.ended_at !== null) return new Set();
  const called = new Set(calls(detail).flatMap(unitIds));
  return new Set(detail.response_circle.members.map((member) => member.unit_id).filter((id) => !called.has(id)));
}

/**
 * What an alert would do, before it is raised.
 * @param {import("../types/reach.js").ReachPreview} preview
 */
export function wouldCall({ members, people, called }) {
  const of = (/** @type {string} */ unitId) => people[unitId] ?? 0;
  const unrecorded = new Set(members.map((member) => member.unit_id).filter((id) => of(id) === 0));
  return {
    units: members.length - unrecorded.size,
    people: called,
    unrecorded,
  };
}

const FIRE_VEHICLES = ["mini_engine", "fire_engine"];

/**
 * @param {IncidentDetail} detail
 * @returns {boolean} whether it burns and no fire vehicle has been called that can be there in time, or it has withdrawn
 */
export function burnsWithoutEngine(detail) {
  const { incident, response_circle } = detail;
  if (incident.kind !== "fire" || incident.ended_at !== null) return false;
  const known = calls(detail);
  return !response_circle.members.some(
    ({ profile, unit_id }) => FIRE_VEHICLES.includes(profile) && known.some((delivery) => mayBring(delivery, unit_id)),
  );
}

/**
 * @param {Delivery} delivery
 * @param {string} unitId
 * @returns {boolean} whether the person comes with the unit, or has not said yet with which one they come
 */
function mayBring(delivery, unitId) {
  if (delivery.state === "withdrawn") return false;
  return delivery.unit_id === unitId || (rank(delivery.state) < rank("declined") && unitIds(delivery).includes(unitId));
}

/**
 * @param {Delivery} delivery
 * @returns {readonly string[]} the units that the person was called in; what a device kept from before names one
 */
export const unitIds = ({ unit_id, unit_ids }) => (unit_ids?.length ? unit_ids : [unit_id]);

/**
 * @param {readonly Delivery[]} deliveries
 * @param {string} unitId
 * @returns {string[]} the units that the people of this one come with instead, when none comes with it
 */
export function comeWith(deliveries, unitId) {
  const own = deliveries.filter((delivery) => unitIds(delivery).includes(unitId));
  if (own.some((delivery) => delivery.unit_id === unitId)) return [];
  return [...new Set(own.map((delivery) => delivery.unit_id))];
}

/**
 * @param {Pick<import("../types/page.js").Model, "outbox" | "chosenUnits">} model
 * @param {Delivery} call  the viewer's own
 * @returns {string} the unit that the viewer goes with: what they chose here counts, too, before the server has it
 */
export function ownUnitId({ outbox, chosenUnits }, call) {
  const sent = outbox.filter((item) => item.alert_id === call.alert_id && item.unit_id).at(-1)?.unit_id;
  const chosen = chosenUnits[call.alert_id] ?? sent;
  return chosen && unitIds(call).includes(chosen) ? chosen : call.unit_id;
}

/**
 * @param {readonly Delivery[]} deliveries
 * @param {string} unitId
 * @returns {Delivery["state"] | null} how far the unit is: as far as the first of its people
 */
export function unitState(deliveries, unitId) {
  const states = deliveries.filter((delivery) => delivery.unit_id === unitId).map((delivery) => delivery.state);
  // Who has withdrawn says nothing of the others, who may be there already.
  return states.sort((a, b) => Number(a === "withdrawn") - Number(b === "withdrawn") || rank(b) - rank(a))[0] ?? null;
}

const COMING = ["accepted", "en_route", "on_scene"];

/**
 * What the incident wants by the circle's catalogue, and how much of it comes: as the ladder counts it.
 * @param {IncidentDetail} detail
 * @param {Pick<import("../types/page.js").Model, "live">} model
 * @returns {{ capability: string, by: "people" | "units", wanted: number, coming: number }[]} none when it has ended
 */
export function wantedCapabilities(detail, model) {
  if (detail.incident.ended_at !== null) return [];
  const units = new Map(model.live.snapshot?.units.map((unit) => [unit.id, unit]));
  const coming = calls(detail).filter(({ state }) => COMING.includes(state));
  return (kindOf(detail.incident.kind, model)?.wanted ?? []).map(({ capability, count, counted }) => {
    const having = coming.map(({ unit_id }) => unit_id).filter((id) => units.get(id)?.capabilities.includes(capability));
    return { capability, by: counted, wanted: count, coming: counted === "units" ? new Set(having).size : having.length };
  });
}

/**
 * Whose way is drawn strong: the unit that was picked, or else the viewer's own.
 * @param {Pick<import("../types/page.js").Model, "live" | "view" | "focusedUnitId" | "outbox" | "chosenUnits">} model
 * @returns {string | null}
 */
export function shownUnitId(model) {
  const { live, view, focusedUnitId } = model;
  if (focusedUnitId !== null || view.name !== "incident") return focusedUnitId;
  const detail = incidentById(live, view.id);
  const call = detail && myCall(detail, live.viewer);
  return call ? ownUnitId(model, call) : null;
}
