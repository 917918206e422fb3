// Answers to questions about the state. Pure.

/**
 * @typedef {import("../types/page.js").CircleState} CircleState
 * @typedef {import("../types/messages.js").IncidentDetail} IncidentDetail
 * @typedef {import("../types/messages.js").Delivery} Delivery
 * @typedef {import("../types/messages.js").ViewerCard} ViewerCard
 */

/** Order of delivery states; RANK of responder/domain/incidents/delivery.py. */
export const STATES = Object.freeze([
  "queued",
  "sent",
  "delivered",
  "seen",
  "declined",
  "accepted",
  "en_route",
  "on_scene",
  "withdrawn",
  "released",
]);

/** Seconds without a receipt after which a person counts as not reached. */
export const NOT_REACHED_AFTER_S = 30;

const SEVERITIES = ["red", "orange", "yellow", "blue"];

/** @param {string} state */
export const rank = (state) => STATES.indexOf(state);

/**
 * What is open, in the order in which one person has to see it: what waits for their answer, then the rest; real before
 * exercise, then most severe, then newest. A person on the way to a real one gets no exercise in front of it.
 * @param {CircleState} state
 * @param {readonly import("../types/page.js").OutboxItem[]} [outbox]  answers that the server does not have yet count, too
 * @returns {IncidentDetail[]}
 */
export function openIncidents({ snapshot, viewer }, outbox = []) {
  const open = (snapshot?.incidents ?? []).filter(({ incident }) => incident.ended_at === null);
  const turn = new Map(open.map((each) => [each, turnOf(each, viewer, outbox)]));
  return open.sort((a, b) => Number(turn.get(a)) - Number(turn.get(b)) || byImportance(a, b));
}

/**
 * @param {CircleState} state
 * @param {readonly import("../types/page.js").OutboxItem[]} outbox
 * @returns {IncidentDetail[]} open ones that wait for the viewer's own answer
 */
export function waitingIncidents(state, outbox) {
  return openIncidents(state, outbox).filter((each) => awaitsAnswer(each, state.viewer, outbox));
}

/**
 * @param {IncidentDetail} detail
 * @param {ViewerCard | null} viewer
 * @param {readonly import("../types/page.js").OutboxItem[]} outbox
 * @returns {Delivery["state"] | null} how far the viewer is, sent or not; null when they are not called
 */
export function myState(detail, viewer, outbox) {
  const call = myCall(detail, viewer);
  return call && withOutbox(outbox, call).state;
}

/**
 * @param {IncidentDetail} detail
 * @param {ViewerCard | null} viewer
 * @param {readonly import("../types/page.js").OutboxItem[]} outbox
 * @returns {boolean} whether the viewer is called and has said neither yes nor no
 */
export function awaitsAnswer(detail, viewer, outbox) {
  const state = detail.incident.ended_at === null ? myState(detail, viewer, outbox) : null;
  return state !== null && rank(state) < rank("declined");
}

/**
 * @param {IncidentDetail} detail
 * @param {ViewerCard | null} viewer
 * @param {readonly import("../types/page.js").OutboxItem[]} outbox
 */
function turnOf(detail, viewer, outbox) {
  const { exercise } = detail.incident;
  if (awaitsAnswer(detail, viewer, outbox)) return exercise ? 2 : 0;
  const underWay = ["accepted", "en_route", "on_scene"].includes(myState(detail, viewer, outbox) ?? "");
  return underWay && !exercise ? 1 : 3;
}

/** @param {CircleState} state */
export function endedIncidents({ snapshot }) {
  return (snapshot?.incidents ?? [])
    .filter(({ incident }) => incident.ended_at !== null)
    .sort((a, b) => String(b.incident.ended_at).localeCompare(String(a.incident.ended_at)));
}

/**
 * @param {IncidentDetail} a
 * @param {IncidentDetail} b
 */
function byImportance({ incident: a }, { incident: b }) {
  return (
    Number(a.exercise) - Number(b.exercise) ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.raised_at.localeCompare(a.raised_at)
  );
}

/**
 * @param {CircleState} state
 * @param {string} id
 */
export function incidentById({ snapshot }, id) {
  return snapshot?.incidents.find(({ incident }) => incident.id === id) ?? null;
}

/**
 * @param {Pick<import("../types/page.js").Model, "live" | "moving">} model
 * @returns {IncidentDetail | null} that whose pin goes to the place chosen next; null once it is over
 */
export function movedIncident({ live, moving }) {
  const detail = moving === null ? null : incidentById(live, moving);
  return detail?.incident.ended_at === null ? detail : null;
}

/** @param {IncidentDetail} detail */
function callIds({ alerts }) {
  return new Set(alerts.filter((alert) => alert.message_type === "Alert").map((alert) => alert.id));
}

/**
 * The call's deliveries, one for each person: the furthest one when a person was called twice.
 * @param {IncidentDetail} detail
 * @returns {Delivery[]}
 */
export function calls(detail) {
  const ids = callIds(detail);
  /** @type {Map<string, Delivery>} */
  const furthest = new Map();
  for (const delivery of detail.deliveries) {
    if (!ids.has(delivery.alert_id)) continue;
    const known = furthest.get(delivery.recipient_id);
    if (!known || rank(delivery.state) > rank(known.state)) furthest.set(delivery.recipient_id, delivery);
  }
  return [...furthest.values()];
}

/**
 * How many people the call has come to, and how far. A person on scene also counts as called and delivered.
 * @param {IncidentDetail} detail
 */
export function counts(detail) {
  const all = calls(detail);
  const from = (/** @type {string} */ state) => all.filter((delivery) => hasReached(delivery, state)).length;
  return {
    called: all.length,
    delivered: from("delivered"),
    seen: from("seen"),
    accepted: from("accepted"),
    en_route: from("en_route"),
    on_scene: from("on_scene"),
    declined: all.filter((delivery) => delivery.state === "declined").length,
  };
}

/**
 * @param {IncidentDetail} detail
 * @returns {Delivery[]} people who cannot come after all, or were taken out of their unit: others have to
 */
export function withdrawn(detail) {
  return detail.incident.ended_at === null ? calls(detail).filter((delivery) => delivery.state === "withdrawn") : [];
}

/**
 * @param {Delivery} delivery
 * @param {string} state
 */
function hasReached(delivery, state) {
  if (delivery.state === "released") return state in delivery.times;
  if (["declined", "withdrawn"].includes(delivery.state) && rank(state) > rank("declined")) return false;
  // A person taken out of their unit is withdrawn too, also when nothing had reached them.
  if (delivery.state === "withdrawn") return Object.keys(delivery.times).some((each) => each !== "withdrawn" && rank(each) >= rank(state));
  return rank(delivery.state) >= rank(state);
}

/**
 * @param {IncidentDetail} detail
 * @param {number} nowMs
 * @returns {Delivery[]} people whose device has said nothing for too long
 */
export function notReached(detail, nowMs) {
  if (detail.incident.ended_at !== null) return [];
  const sentAt = new Map(detail.alerts.map((alert) => [alert.id, Date.parse(alert.sent_at)]));
  return calls(detail).filter(
    (delivery) =>
      rank(delivery.state) < rank("delivered") &&
      nowMs - (calledAt(delivery) ?? sentAt.get(delivery.alert_id) ?? nowMs) > NOT_REACHED_AFTER_S * 1000,
  );
}

/**
 * @param {Delivery} delivery
 * @returns {number | undefined} when the person was called, which may be long after the alert was sent to others
 */
function calledAt({ times: { queued } }) {
  return queued === undefined ? undefined : Date.parse(queued);
}

/**
 * @param {IncidentDetail} detail
 * @param {ViewerCard | null} viewer
 * @returns {Delivery | null} the viewer's own, the furthest
 */
export function myCall(detail, viewer) {
  const mine = calls(detail).filter((delivery) => viewer?.responder_ids.includes(delivery.recipient_id));
  return mine.sort((a, b) => rank(b.state) - rank(a.state))[0] ?? null;
}

/**
 * @param {IncidentDetail} detail
 * @param {ViewerCard | null} viewer
 * @returns {Delivery[]} every delivery of the viewer's, cancellations included, that has not come as far as `state`
 */
export function myUnreceipted(detail, viewer, /** @type {string} */ state) {
  return detail.deliveries.filter(
    (delivery) => viewer?.responder_ids.includes(delivery.recipient_id) && rank(delivery.state) < rank(state),
  );
}

/**
 * @param {readonly import("../types/page.js").OutboxItem[]} outbox
 * @param {Delivery} delivery
 * @returns {{ state: Delivery["state"], waiting: boolean }} what the person did, also when not sent yet
 */
export function withOutbox(outbox, delivery) {
  const states = outbox.filter((item) => item.alert_id === delivery.alert_id).map((item) => item.state);
  const furthest = states.sort((a, b) => rank(b) - rank(a))[0];
  if (!furthest || rank(furthest) <= rank(delivery.state)) return { state: delivery.state, waiting: false };
  return { state: furthest, waiting: true };
}

/**
 * Whether OpenStreetMap has to be named. Until the server has said it, every circle that is not made up names it.
 * @param {Pick<import("../types/page.js").Model, "attribution" | "live">} model
 */
export function needsCredit({ attribution, live: { snapshot } }) {
  if (attribution !== null) return attribution !== "";
  return snapshot !== null && !snapshot.circle.illustrative;
}
