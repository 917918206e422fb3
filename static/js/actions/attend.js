// What the page does by itself when something happens: receipts, opening the alert, sound.

import { soundAlarm, stopAlarm } from "../attention.js";
import { liveLine } from "../live-line.js";
import { model } from "../model.js";
import { incidentById, myCall, myUnreceipted, openIncidents, rank } from "../selectors.js";
import { showIncident } from "./look.js";

/** @type {Set<string>} incidents that this page has already pointed out */
const pointedOut = new Set();
/** @type {Set<string>} receipts already handed to the live line */
const receipted = new Set();

/** Watch the model from now on. */
export function startAttending() {
  let { live, view, sound, circleId } = model.value;
  model.listen((value) => {
    if (value.circleId !== circleId) forgetAttention();
    const same = value.live === live && value.view === view && value.sound === sound;
    ({ live, view, sound, circleId } = value);
    if (!same) attend();
  });
  document.addEventListener("visibilitychange", attend);
}

function attend() {
  sendReceipts();
  pointOutNew();
  alarm();
}

function forgetAttention() {
  pointedOut.clear();
  receipted.clear();
  stopAlarm();
}

/** `delivered` as soon as the page has it, `seen` once it is on a screen that somebody can see. */
function sendReceipts() {
  const { live, view, outbox } = model.value;
  const visible = document.visibilityState === "visible";
  for (const picture of live.picture?.incidents ?? []) {
    const shown = visible && view.name === "incident" && view.id === picture.incident.id;
    const state = shown ? "seen" : "delivered";
    for (const delivery of myUnreceipted(picture, live.viewer, state)) {
      const said = `${delivery.alert_id}:${state}`;
      const waits = outbox.some((item) => item.alert_id === delivery.alert_id && rank(item.state) >= rank(state));
      if (waits || receipted.has(said)) continue;
      receipted.add(said);
      liveLine.current?.answer(delivery.alert_id, state);
    }
  }
}

/** A new incident opens itself, unless something just as urgent is open or is being raised. */
function pointOutNew() {
  const { live } = model.value;
  for (const picture of openIncidents(live)) {
    const { id } = picture.incident;
    if (pointedOut.has(id)) continue;
    pointedOut.add(id);
    if (isFree(picture)) showIncident(id);
  }
}

/** @param {import("../messages.js").IncidentPicture} picture */
function isFree({ incident }) {
  const { view, live, raise } = model.value;
  if (raise.status === "sending" || view.name === "closure_draft") return false;
  // What somebody writes is worth more than an exercise that does not call them.
  if (view.name === "screen" && incident.exercise) return myCallOf(incident.id) !== null;
  if (view.name === "place") return !incident.exercise && myCallOf(incident.id) !== null;
  if (view.name !== "incident") return true;
  const open = incidentById(live, view.id);
  return !open || open.incident.ended_at !== null || (open.incident.exercise && !incident.exercise);
}

/** @param {string} id */
function myCallOf(id) {
  const picture = incidentById(model.value.live, id);
  return picture && myCall(picture, model.value.live.viewer);
}

/** Sound until the person has answered. */
function alarm() {
  const { live, sound } = model.value;
  const unanswered = openIncidents(live).filter((picture) => {
    const call = myCall(picture, live.viewer);
    return call && rank(call.state) < rank("declined");
  });
  const first = unanswered[0];
  if (first && sound) soundAlarm(first.incident.id, { exercise: first.incident.exercise });
  else stopAlarm();
}
