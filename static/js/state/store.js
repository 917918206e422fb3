// What the page knows of its circle. Pure: `apply` returns a new state and touches nothing else.
//
// Golden rule: old snapshot + events = new snapshot, the same as in responder/domain/incidents/fold.py.

import { withPosition } from "./positions.js";
import { withReceipt, withStored } from "./receipts.js";

/**
 * @typedef {import("../types/messages.js").ServerMessage} ServerMessage
 * @typedef {import("../types/messages.js").EventMessage} EventMessage
 * @typedef {import("../types/messages.js").CircleSnapshot} CircleSnapshot
 * @typedef {import("../types/messages.js").IncidentDetail} IncidentDetail
 * @typedef {import("../types/messages.js").Delivery} Delivery
 * @typedef {import("../types/page.js").CircleState} CircleState
 *
 * @typedef {object} Position  the last event that a client has: only all three together name it
 * @property {string | null} epoch
 * @property {number | null} seq
 * @property {string | null} event_id
 */

/** @type {Readonly<Position>} */
export const NO_POSITION = Object.freeze({ epoch: null, seq: null, event_id: null });

/** Ended incidents that a snapshot keeps; ENDED_KEPT of responder/domain/incidents/snapshot.py. */
export const ENDED_KEPT = 10;

/** Kinds of events that change who can be there in time, as far as commands of this page cause them. */
const CHANGE_REACH = new Set(["closure_created", "closure_lifted", "unit_changed", "profiles_changed"]);

/** Kinds of events without content: what they are about is loaded again by those who show it. */
const LOADED_AGAIN = new Set(["profiles_changed", "proposals_changed", "drills_changed", "findings_changed", "reports_changed", "pact_changed"]);

/** @type {Readonly<CircleState>} */
export const NOTHING_YET = Object.freeze({ viewer: null, snapshot: null });

/**
 * Take one message from the server into account. Kinds and fields that are not known are skipped.
 * @param {CircleState} state
 * @param {ServerMessage} message
 * @returns {CircleState} the very same object when nothing changed
 */
export function apply(state, message) {
  switch (message.type) {
    case "snapshot":
      return { viewer: message.viewer, snapshot: message.snapshot, snapshotSeq: message.snapshot.seq };
    case "resumed":
      return { ...state, viewer: message.viewer };
    case "event":
      return applyEvent(state, message);
    case "position":
      return withPosition(state, message);
    case "receipt_stored":
      return withReceipt(state, message);
    default:
      return state;
  }
}

/**
 * @param {CircleState} state
 * @param {EventMessage} message
 * @returns {CircleState}
 */
function applyEvent(state, message) {
  const { snapshot, ahead, heard, ...rest } = state;
  if (!snapshot || message.seq <= snapshot.seq) return state;
  const { event, seq, id, reach_version } = message;
  const thing = thingOf(event);
  const subject = `${event.kind} ${thing}`;
  const left = ahead?.filter((each) => each !== subject) ?? [];
  const before = ahead?.includes(subject) ? withoutAlert(snapshot, event) : snapshot;
  return withStored({
    ...rest,
    ...(left.length > 0 ? { ahead: left } : {}),
    heard: thing ? { ...heard, [thing]: seq } : (heard ?? {}),
    snapshot: { ...fold(before, event), seq, event_id: id, reach_version },
  });
}

/**
 * Show what a command has done before its event comes: the server's answer is applied as that event. Not when the event,
 * or a later one about the same thing, or a snapshot was quicker: then the snapshot is newer than the answer.
 * @param {CircleState} state
 * @param {EventMessage["event"]} event
 * @param {CircleState} sentAt  the state when the command was sent
 * @returns {CircleState}
 */
export function applyAnswer(state, event, { snapshot: sentAt }) {
  const { snapshot, heard, snapshotSeq = 0, ahead = [] } = state;
  const thing = thingOf(event);
  if (!snapshot || !sentAt || !thing || snapshot.epoch !== sentAt.epoch) return state;
  if (Math.max(heard?.[thing] ?? 0, snapshotSeq) > sentAt.seq) return state;
  // The server counts each change of reach once; what is asked for from now on is asked after it.
  const reach_version = snapshot.reach_version + (CHANGE_REACH.has(event.kind) ? 1 : 0);
  return { ...state, snapshot: { ...fold(snapshot, event), reach_version }, ahead: [...ahead, `${event.kind} ${thing}`] };
}

/**
 * The answer to a command has put in the alert of an update or an end, which the event adds.
 * @param {CircleSnapshot} snapshot
 * @param {EventMessage["event"]} event
 * @returns {CircleSnapshot}
 */
function withoutAlert(snapshot, event) {
  if (event.kind !== "incident_ended" && event.kind !== "alert_updated") return snapshot;
  return change(snapshot, event.incident.id, (known) => ({
    ...known,
    alerts: known.alerts.filter(({ id }) => id !== event.alert.id),
    deliveries: known.deliveries.filter(({ alert_id }) => alert_id !== event.alert.id),
  }));
}

/**
 * @param {EventMessage["event"]} event
 * @returns {string | null} the id of what it is about: the same in the answer to a command and in its event
 */
function thingOf(event) {
  switch (event.kind) {
    case "alert_raised":
    case "incident_moved":
      return event.detail.incident.id;
    case "incident_stage_changed":
    case "alert_updated":
    case "incident_ended":
      return event.incident.id;
    case "closure_created":
      return event.closure.id;
    case "closure_lifted":
      return event.closure_id;
    case "unit_changed":
      return event.unit.id;
    case "features_changed":
      return event.removed.join() || null;
    case "alert_catalogue_changed":
      return "catalogue";
    case "drill_run_changed":
      return event.run.drill_id;
    case "roll_call_changed":
      return `${event.incident_id} doors`;
    default:
      return LOADED_AGAIN.has(event.kind) ? event.kind.replace("_changed", "") : null;
  }
}

/**
 * An old snapshot and what happened since make the new snapshot. Events about an incident that is not in the snapshot
 * change nothing; the lists keep the order in which a fresh snapshot has them.
 * @param {CircleSnapshot} snapshot
 * @param {EventMessage["event"]} event
 * @returns {CircleSnapshot}
 */
function fold(snapshot, event) {
  switch (event.kind) {
    case "alert_raised":
    case "alert_extended":
    case "incident_moved":
      return withIncident(snapshot, event.detail);
    case "incident_stage_changed":
      return change(snapshot, event.incident.id, (known) => ({ ...known, incident: event.incident }));
    case "response_circle_updated":
      return change(snapshot, event.incident_id, (known) => ({ ...known, response_circle: event.response_circle }));
    case "ladder_updated":
      return change(snapshot, event.incident_id, (known) => ({ ...known, ladder: event.ladder }));
    case "deliveries_updated":
      return change(snapshot, event.incident_id, (known) => advanced(known, event.deliveries));
    case "alert_updated":
    case "incident_ended":
      return change(snapshot, event.incident.id, (known) => ({
        ...known,
        incident: event.incident,
        alerts: [...known.alerts, event.alert],
        deliveries: [...known.deliveries, ...event.deliveries],
      }));
    case "roll_call_changed":
      return change(snapshot, event.incident_id, (known) => ({ ...known, roll_call: event.roll_call }));
    case "roll_call_marked":
      return change(snapshot, event.incident_id, (known) => (known.roll_call ? { ...known, roll_call: withDoors(known.roll_call, event.doors) } : known));
    case "alert_catalogue_changed":
      return { ...snapshot, catalogue: event.catalogue };
    case "drill_run_changed": {
      const others = snapshot.drills.filter(({ drill_id }) => drill_id !== event.run.drill_id);
      const ongoing = event.run.ended_at ? others : [...others, event.run];
      return { ...snapshot, drills: ongoing.sort((a, b) => (a.drill_id < b.drill_id ? -1 : 1)) };
    }
    case "closure_created":
      return { ...snapshot, closures: replaced(snapshot.closures, event.closure) };
    case "closure_lifted":
      return { ...snapshot, closures: snapshot.closures.filter((closure) => closure.id !== event.closure_id) };
    case "unit_changed":
      return { ...snapshot, units: replaced(snapshot.units, event.unit) };
    case "hazard_changed":
      return { ...snapshot, hazards: replaced(snapshot.hazards, event.hazard) };
    case "features_changed": {
      const gone = new Set(event.removed);
      return {
        ...snapshot,
        hazards: snapshot.hazards.filter((hazard) => !gone.has(hazard.id)),
        units: snapshot.units.filter((unit) => !gone.has(unit.id)),
        positions: snapshot.positions.filter((position) => !gone.has(position.unit_id)),
      };
    }
    default:
      return snapshot;
  }
}

/**
 * How much of the log the state holds, for coming back; nothing when it holds something that is not of the log yet:
 * a database that was restored in between may never have heard of it.
 * @param {CircleState} state
 * @returns {Position}
 */
export function positionOf({ snapshot, ahead }) {
  // A device may have kept a snapshot of a version that knew no catalogue; no event would bring it.
  if (!snapshot?.catalogue || ahead !== undefined) return NO_POSITION;
  return { epoch: snapshot.epoch, seq: snapshot.seq, event_id: snapshot.event_id };
}

/**
 * @param {CircleSnapshot} snapshot
 * @param {IncidentDetail} incident
 * @returns {CircleSnapshot} with the incident, in the place of what was known of it
 */
export function withIncident(snapshot, incident) {
  const others = snapshot.incidents.filter((known) => known.incident.id !== incident.incident.id);
  return { ...snapshot, incidents: lastEnded([...others, incident]) };
}

/**
 * @param {CircleSnapshot} snapshot
 * @param {string} incidentId
 * @param {(known: IncidentDetail) => IncidentDetail} changed
 * @returns {CircleSnapshot}
 */
function change(snapshot, incidentId, changed) {
  if (!snapshot.incidents.some((known) => known.incident.id === incidentId)) return snapshot;
  const incidents = snapshot.incidents.map((known) => (known.incident.id === incidentId ? changed(known) : known));
  return { ...snapshot, incidents: lastEnded(incidents) };
}

/**
 * @param {IncidentDetail} known
 * @param {readonly Delivery[]} moved
 * @returns {IncidentDetail}
 */
function advanced(known, moved) {
  const keyOf = (/** @type {Delivery} */ { alert_id, recipient_id }) => `${alert_id} ${recipient_id}`;
  const fresh = new Map(moved.map((delivery) => [keyOf(delivery), delivery]));
  return { ...known, deliveries: known.deliveries.map((delivery) => fresh.get(keyOf(delivery)) ?? delivery) };
}

/**
 * @param {import("../types/messages.js").RollCall} rollCall
 * @param {readonly import("../types/messages.js").RollCallDoor[]} changed
 */
function withDoors(rollCall, changed) {
  const doors = new Map([...rollCall.doors, ...changed].map((door) => [`${door.building_id} ${door.label}`, door]));
  return { ...rollCall, doors: [...doors].sort(([a], [b]) => compare(a, b)).map(([, door]) => door) };
}

/**
 * @template {{ id: string }} T
 * @param {readonly T[]} things
 * @param {T} thing
 * @returns {T[]} by id, as a fresh snapshot has them
 */
function replaced(things, thing) {
  return [...things.filter((known) => known.id !== thing.id), thing].sort((a, b) => compare(a.id, b.id));
}

/**
 * @param {readonly IncidentDetail[]} incidents
 * @returns {IncidentDetail[]} those that are open and the `ENDED_KEPT` that ended last, the first raised first
 */
function lastEnded(incidents) {
  const open = incidents.filter(({ incident }) => incident.ended_at === null);
  const ended = incidents
    .filter(({ incident }) => incident.ended_at !== null)
    .sort((a, b) => byTime(a, b, "ended_at"))
    .slice(-ENDED_KEPT);
  return [...open, ...ended].sort((a, b) => byTime(a, b, "raised_at"));
}

/**
 * @param {IncidentDetail} a
 * @param {IncidentDetail} b
 * @param {"ended_at" | "raised_at"} which
 */
function byTime({ incident: a }, { incident: b }, which) {
  return Date.parse(String(a[which])) - Date.parse(String(b[which])) || compare(a.id, b.id);
}

/**
 * @param {string} a
 * @param {string} b
 */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
