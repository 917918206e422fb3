// What the page does by itself when something happens: receipts, opening the alert, sound.

import { soundAlarm, stopAlarm } from "../../lib/attention.js";
import { liveClient } from "../../live/client-holder.js";
import { model } from "../../state/model.js";
import { awaitsAnswer, incidentById, myCall, myUnreceipted, openIncidents, rank, waitingIncidents } from "../../state/selectors.js";
import { showIncidentByItself } from "../map/navigation.js";
import { notify } from "./notify.js";

/** @type {Set<string>} incidents, and calls that wait for an answer, that this page has already pointed out */
const pointedOut = new Set();
/** @type {Set<string>} receipts already handed to the live line */
const receipted = new Set();
/**
 * Until the server has said how things stand, the page may still open on another incident than on the one that was first
 * by what the device knew; not once a finger has touched it, or there was time to read.
 */
let opening = true;
/** @type {number | null} */
let openedAtMs = null;
const OPENS_FOR_MS = 3000;

/** Watch the model from now on. */
export function watchAlerts() {
  model.listen(forgetAlerts, ["circleId"]);
  model.listen(followAlerts, ["live", "view", "sound", "outbox"]);
  document.addEventListener("visibilitychange", followAlerts);
  for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => (opening = false), { capture: true });
}

function followAlerts() {
  sendReceipts();
  pointOutNew();
  alarm();
}

function forgetAlerts() {
  pointedOut.clear();
  receipted.clear();
  opening = true;
  openedAtMs = null;
  stopAlarm();
}

/** `delivered` as soon as the page has it, `seen` once it is on a visible screen. */
function sendReceipts() {
  const { live, view, outbox } = model.value;
  const visible = document.visibilityState === "visible";
  for (const detail of live.snapshot?.incidents ?? []) {
    const shown = visible && view.name === "incident" && view.id === detail.incident.id;
    const state = shown ? "seen" : "delivered";
    for (const delivery of myUnreceipted(detail, live.viewer, state)) {
      // Who left their unit and is back is called again, by the same alert and as another recipient.
      const said = `${delivery.alert_id}:${delivery.recipient_id}:${state}`;
      const waits = outbox.some((item) => item.alert_id === delivery.alert_id && rank(item.state) >= rank(state));
      if (waits || receipted.has(said)) continue;
      receipted.add(said);
      if (state === "delivered") void notify(detail, delivery.alert_id).catch(() => null);
      liveClient.current?.answer(delivery.alert_id, state);
    }
  }
}

/** A new incident opens itself, unless something just as urgent is open or is being raised: then a bar tells of it. */
function pointOutNew() {
  const { live, outbox, cachedAt } = model.value;
  const open = openIncidents(live, outbox);
  const fresh = open.filter((detail) => toPointOut(detail).some((each) => !pointedOut.has(each)));
  for (const each of fresh.flatMap(toPointOut)) pointedOut.add(each);
  // Who has tapped a notification looks at its alert.
  if (model.value.pushed) opening = false;
  if (openedAtMs !== null && performance.now() - openedAtMs > OPENS_FOR_MS) opening = false;
  if (!opening) return fresh.forEach(openIfFree);
  if (live.snapshot && cachedAt === null) opening = false;
  const [first] = open;
  if (!first) return;
  openedAtMs ??= performance.now();
  openFirst(first);
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @returns {string[]} the incident, and the viewer's call while it waits: they may be called to what they know already
 */
function toPointOut(detail) {
  const { live, outbox } = model.value;
  const call = awaitsAnswer(detail, live.viewer, outbox) ? myCall(detail, live.viewer) : null;
  return [detail.incident.id, ...(call ? [`${call.alert_id}:${call.recipient_id}`] : [])];
}

/**
 * What the device kept from before, or an answer that waits on it, may have put another one first a moment ago.
 * @param {import("../../types/messages.js").IncidentDetail} first
 */
function openFirst(first) {
  const { view } = model.value;
  if (view.name !== "incident") openIfFree(first);
  else if (view.id !== first.incident.id) showIncidentByItself(first.incident.id);
}

/** @param {import("../../types/messages.js").IncidentDetail} detail */
function openIfFree(detail) {
  if (isFree(detail)) showIncidentByItself(detail.incident.id);
}

/** @param {import("../../types/messages.js").IncidentDetail} detail */
function isFree({ incident }) {
  const { view, live, raise, pushed } = model.value;
  if (raise.status === "sending" || view.name === "closure_draft") return false;
  // What is being typed is worth more than an exercise that does not call them.
  if (incident.exercise && (view.name === "screen" || view.name === "drill_observe")) return myCallOf(incident.id) !== null;
  // Who runs a drill sees what becomes of its exercise there.
  if (view.name === "drill_run" && incident.exercise) return false;
  if (view.name === "place") return !incident.exercise && myCallOf(incident.id) !== null;
  if (view.name !== "incident") return true;
  const open = incidentById(live, view.id);
  if (!open && pushed?.incident_id === view.id) return pushed.exercise && !incident.exercise;
  return !open || open.incident.ended_at !== null || (open.incident.exercise && !incident.exercise);
}

/** @param {string} id */
function myCallOf(id) {
  const detail = incidentById(model.value.live, id);
  return detail && myCall(detail, model.value.live.viewer);
}

/** Sound until the person has answered, and again for each alert that comes. */
function alarm() {
  const { live, outbox, sound } = model.value;
  const waiting = waitingIncidents(live, outbox).map(({ incident }) => incident);
  if (waiting.length === 0 || !sound) return stopAlarm();
  soundAlarm(waiting.map(({ id }) => id), { exercise: waiting.every(({ exercise }) => exercise) });
}
