// Marking doors in a roll-call: a tap is kept on the device at once, and sent as soon as there is a network.

import { ApiError, request } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { forgetRemembered, remember, remembered } from "../../lib/storage.js";
import { everySeconds } from "../../lib/ticks.js";
import { model, showAnswer } from "../../state/model.js";
import { ROLL_CALL_MARKS, bodyOf, parsed, settled } from "../../state/registers/roll-call.js";

/** @typedef {import("../../types/page.js").PendingMark} PendingMark */

const AGAIN_S = 5;
/** MOST_MARKS of responder/api/routes/registers/roll_call.py. */
const AT_ONCE = 50;
/** Answers after which the same is sent again: the person has to sign in, or the server is busy. */
const LATER = new Set([401, 408, 429]);

/** Of all accounts of this device; only those of the one signed in are shown and sent. @type {PendingMark[]} */
let items = [];
let sending = false;

export function startMarking() {
  items = parsed(remembered(ROLL_CALL_MARKS), now());
  model.listen(show, ["circleId", "account", "live"]);
  model.listen(({ connection }) => connection.phase === "live" && void flush(), ["connection"]);
  addEventListener("online", () => void flush());
  everySeconds(AGAIN_S, () => void flush());
  show();
  void flush();
}

function show() {
  const { circleId, live, marks } = model.value;
  if (items.length + marks.length === 0) return;
  const own = items.filter((item) => item.circle_id === circleId && item.account_id === accountId(live));
  if (own.length !== marks.length || own.some((item, number) => item !== marks[number])) model.set({ marks: own });
}

/** @param {import("../../types/page.js").CircleState} live */
const accountId = ({ viewer }) => viewer?.account_id ?? model.value.account?.id ?? "";

/** @param {PendingMark[]} changed */
function put(changed) {
  items = changed;
  if (items.length > 0) remember(ROLL_CALL_MARKS, JSON.stringify(items));
  else forgetRemembered(ROLL_CALL_MARKS);
  show();
}

/**
 * @param {string} incidentId
 * @param {Pick<PendingMark, "building_id" | "label" | "state" | "people" | "note">} said
 */
export function markDoor(incidentId, said) {
  const { circleId, live } = model.value;
  if (!circleId) return;
  const at = new Date(now()).toISOString();
  put([...items, { ...said, id: crypto.randomUUID(), circle_id: circleId, incident_id: incidentId, account_id: accountId(live), at, refused: null }]);
  void flush();
}

/** What the server does not take is put away. @param {string} id */
export const dropMark = (id) => put(items.filter((item) => item.id !== id));

async function flush() {
  if (sending || !navigator.onLine) return;
  sending = true;
  try {
    let next = waiting();
    while (next.length > 0 && (await send(next))) next = waiting();
  } finally {
    sending = false;
  }
}

/** @returns {PendingMark[]} what goes with the next request: taps of one incident, the first tapped first */
function waiting() {
  const due = model.value.marks.filter(({ refused }) => refused === null);
  return due.filter(({ incident_id }) => incident_id === due[0]?.incident_id).slice(0, AT_ONCE);
}

/**
 * @param {PendingMark[]} batch
 * @returns {Promise<boolean>} whether there is any use in sending more
 */
async function send(batch) {
  const [{ circle_id, incident_id }] = /** @type {[PendingMark]} */ (batch);
  const { live: sentAt } = model.value;
  try {
    const answer = await request("PUT", `/circles/${circle_id}/incidents/${incident_id}/roll-call/marks`, { body: { marks: batch.map(bodyOf) } });
    if (answer.doors.length > 0) showAnswer({ kind: "roll_call_marked", incident_id, doors: answer.doors }, sentAt);
    put(settled(items, answer));
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500 || LATER.has(error.status)) return false;
    // One of them may be at fault: each goes by itself then, and the others are not lost with it.
    if (batch.length > 1) return sendEach(batch);
    put(settled(items, { taken: [], refused: batch.map(({ id }) => ({ id, reason: error.code })) }));
    return true;
  }
}

/** @param {PendingMark[]} batch */
async function sendEach(batch) {
  for (const each of batch) {
    if (!(await send([each]))) return false;
  }
  return true;
}
