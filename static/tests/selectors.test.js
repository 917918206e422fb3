import assert from "node:assert/strict";
import { test } from "node:test";

import { burnsWithoutEngine, comeWith, ownUnitId, shownUnitId, unitState, unrecordedUnitIds, wouldCall } from "../js/state/called-units.js";
import {
  calls,
  counts,
  myCall,
  myUnreceipted,
  notReached,
  openIncidents,
  waitingIncidents,
  withdrawn,
  withOutbox,
  needsCredit,
} from "../js/state/selectors.js";
import { alert, delivery, incident, circleSnapshot, VIEWER } from "./examples.js";

const SENT_MS = Date.parse("2026-01-01T12:00:00Z");

test("a real incident stands before any exercise, and the severe before the mild", () => {
  const incidents = [
    incident("drill", { exercise: true, severity: "red" }),
    incident("mild", { severity: "blue" }),
    incident("bad", { severity: "red" }),
    incident("over", { ended_at: "2026-01-01T12:10:00Z" }),
  ];

  const ids = openIncidents({ viewer: null, snapshot: circleSnapshot({ incidents }) }).map((each) => each.incident.id);

  assert.deepEqual(ids, ["bad", "mild", "drill"]);
});

test("somebody on scene also counts as called, delivered and accepted", () => {
  const deliveries = ["queued", "delivered", "declined", "accepted", "on_scene"].map((state, i) => delivery("a-i", `r-${i}`, state));

  const { called, delivered, accepted, on_scene, declined } = counts(incident("i", { deliveries }));

  assert.deepEqual({ called, delivered, accepted, on_scene, declined }, { called: 5, delivered: 4, accepted: 2, on_scene: 1, declined: 1 });
});

test("whoever was taken out of their unit is not counted on, and counts as told only when they were", () => {
  const told = delivery("a-i", "r-1", "withdrawn", { times: { queued: "2026-01-01T12:00:00Z", seen: "2026-01-01T12:00:05Z" } });
  const never = delivery("a-i", "r-2", "withdrawn", { times: { queued: "2026-01-01T12:00:00Z", withdrawn: "2026-01-01T12:00:09Z" } });

  const { called, delivered, seen, accepted } = counts(incident("i", { deliveries: [told, never] }));

  assert.deepEqual({ called, delivered, seen, accepted }, { called: 2, delivered: 1, seen: 1, accepted: 0 });
});

test("the cancelling alert is not a second call", () => {
  const known = incident("i", {
    alerts: [alert("a-i", "i"), alert("a-c", "i", { message_type: "Cancel" })],
    deliveries: [delivery("a-i", "r-1", "sent"), delivery("a-c", "r-1", "seen")],
  });

  assert.deepEqual(calls(known).map((each) => each.alert_id), ["a-i"]);
  assert.equal(counts(known).called, 1);
  assert.deepEqual(myUnreceipted(known, VIEWER, "delivered").map((each) => each.alert_id), ["a-i"]);
});

test("whoever was called twice counts once, with the furthest answer", () => {
  const known = incident("i", {
    alerts: [alert("a-1", "i"), alert("a-2", "i", { message_type: "Update" })],
    deliveries: [delivery("a-1", "r-1", "accepted"), delivery("a-2", "r-1", "delivered")],
  });

  assert.equal(calls(known).length, 1);
  assert.equal(myCall(known, VIEWER)?.state, "accepted");
});

test("no receipt for half a minute after their own call means not reached, by name; a receipt takes it back", () => {
  const later = delivery("a-i", "r-3", "queued", { times: { queued: "2026-01-01T12:00:05Z" } });
  const known = incident("i", { deliveries: [delivery("a-i", "r-1", "sent"), delivery("a-i", "r-2", "delivered"), later] });
  assert.deepEqual(notReached(known, SENT_MS + 29_000), []);
  assert.deepEqual(notReached(known, SENT_MS + 31_000).map((each) => each.recipient_name), ["r-1"]);
});

test("other people's calls are not mine", () => {
  const known = incident("i", { deliveries: [delivery("a-i", "r-9", "sent")] });

  assert.equal(myCall(known, VIEWER), null);
  assert.deepEqual(myUnreceipted(known, VIEWER, "seen"), []);
});

test("a unit is as far as the first of its people", () => {
  const deliveries = [delivery("a", "r-1", "seen"), delivery("a", "r-2", "en_route"), delivery("a", "r-3", "on_scene", { unit_id: "u-2" })];

  assert.equal(unitState(deliveries, "u-1"), "en_route");
  assert.equal(unitState(deliveries, "u-3"), null);
});

test("an answer that has not been sent yet is shown, and marked as waiting", () => {
  const call = delivery("a-i", "r-1", "seen");
  const item = { action_id: "x", alert_id: "a-i", state: "accepted", at: "", circle_id: "c" };

  assert.deepEqual(withOutbox([item], call), { state: "accepted", waiting: true });
  assert.deepEqual(withOutbox([item], { ...call, state: "en_route" }), { state: "en_route", waiting: false });
  assert.deepEqual(withOutbox([{ ...item, alert_id: "other" }], call), { state: "seen", waiting: false });
});

const member = (unit_id, profile = "foot") => ({ unit_id, profile });

/** Units that can be there in time, and an incident that they can come to. */
const reachedBy = (members, change = {}) => incident("i", { ...change, response_circle: { members, non_members: [] } });

test("a unit of which nobody was called has to be rung, whoever else was called", () => {
  const deliveries = [delivery("a-i", "r-1", "sent", { unit_id: "u-1" })];
  const members = [member("u-1"), member("u-2")];

  assert.deepEqual([...unrecordedUnitIds(reachedBy(members, { deliveries }))], ["u-2"]);
  assert.deepEqual([...unrecordedUnitIds(reachedBy(members))], ["u-1", "u-2"]);
  assert.deepEqual([...unrecordedUnitIds(reachedBy(members, { deliveries, ended_at: "2026-01-01T12:10:00Z" }))], []);
});

test("a unit that only the end was said to has not been called", () => {
  const alerts = [alert("a-i", "i"), alert("a-c", "i", { message_type: "Cancel" })];

  assert.deepEqual([...unrecordedUnitIds(reachedBy([member("u-1")], { alerts, deliveries: [delivery("a-c", "r-1", "seen")] }))], ["u-1"]);
});

test("before an alert is raised it says how many it would call, and which units have nobody", () => {
  const preview = (/** @type {Record<string, number>} */ people, /** @type {number} */ called) =>
    /** @type {any} */ ({ members: [member("u-1"), member("u-2")], non_members: [member("u-3")], people, called });

  const some = wouldCall(preview({ "u-1": 3, "u-2": 0, "u-3": 5 }, 3));
  assert.deepEqual([some.units, some.people, [...some.unrecorded]], [1, 3, ["u-2"]]);
  const both = wouldCall(preview({ "u-1": 3, "u-2": 1 }, 3));
  assert.deepEqual([both.units, both.people], [2, 3], "a person is in both units");
  const none = wouldCall(preview({ "u-1": 0 }, 0));
  assert.deepEqual([none.units, none.people, [...none.unrecorded]], [0, 0, ["u-1", "u-2"]]);
});

test("whoever cannot come after all is named, counts as told and not as coming, and says nothing of their colleagues", () => {
  const gone = delivery("a-i", "r-1", "withdrawn", { unit_id: "u-1", times: { accepted: "2026-01-01T12:00:10Z" } });
  const there = delivery("a-i", "r-2", "on_scene", { unit_id: "u-1" });
  const known = incident("i", { deliveries: [gone, there] });

  assert.deepEqual(withdrawn(known).map((each) => each.recipient_id), ["r-1"]);
  const all = counts(known);
  assert.deepEqual([all.called, all.delivered, all.seen, all.accepted, all.en_route, all.on_scene], [2, 2, 2, 1, 1, 1]);
  assert.equal(unitState([gone, there], "u-1"), "on_scene");
  assert.equal(unitState([gone], "u-1"), "withdrawn");
  assert.deepEqual(withdrawn(incident("i", { deliveries: [gone], ended_at: "2026-01-01T12:10:00Z" })), []);
});

test("an answer kept on the phone from before does not bring back whoever cannot come", () => {
  const item = { action_id: "x", alert_id: "a-i", state: "on_scene", at: "", circle_id: "c" };

  assert.deepEqual(withOutbox([item], delivery("a-i", "r-1", "withdrawn")), { state: "withdrawn", waiting: false });
});

test("an engine that cannot come after all is none", () => {
  const engine = (/** @type {string} */ state) => [delivery("a-i", "r-1", state, { unit_id: "u-1" })];

  assert.equal(burnsWithoutEngine(reachedBy([member("u-1", "fire_engine")], { deliveries: engine("en_route") })), false);
  assert.equal(burnsWithoutEngine(reachedBy([member("u-1", "fire_engine")], { deliveries: engine("withdrawn") })), true);
});

test("it burns without an engine unless one that was called can be there in time", () => {
  const deliveries = [delivery("a-i", "r-1", "sent", { unit_id: "u-1" })];

  assert.equal(burnsWithoutEngine(reachedBy([member("u-1", "ambulance")], { deliveries })), true);
  assert.equal(burnsWithoutEngine(reachedBy([member("u-1", "mini_engine")], { deliveries })), false);
  assert.equal(burnsWithoutEngine(reachedBy([member("u-1", "fire_engine")], { deliveries })), false);
  assert.equal(burnsWithoutEngine(reachedBy([member("u-1"), member("u-2", "fire_engine")], { deliveries })), true);
  assert.equal(burnsWithoutEngine(reachedBy([], { kind: "medical" })), false);
  assert.equal(burnsWithoutEngine(reachedBy([], { ended_at: "2026-01-01T12:10:00Z" })), false);
});

const called = (/** @type {string} */ id, /** @type {string} */ state, change = {}) =>
  incident(id, { ...change, deliveries: [delivery(`a-${id}`, "r-1", state)] });

const order = (/** @type {any[]} */ incidents, /** @type {any[]} */ outbox = []) =>
  openIncidents({ viewer: VIEWER, snapshot: circleSnapshot({ incidents }) }, outbox).map((each) => each.incident.id);

test("what waits for one's own answer goes before what was answered, however grave or new that is", () => {
  const answered = called("answered", "accepted", { severity: "red", raised_at: "2026-01-01T12:05:00Z" });

  assert.deepEqual(order([answered, called("waits", "seen", { severity: "blue" })]), ["waits", "answered"]);
  assert.deepEqual(order([called("no", "declined"), called("waits", "queued", { severity: "blue" })]), ["waits", "no"]);
});

test("of those that wait the real goes first, then the graver, then the newer", () => {
  const incidents = [
    called("drill", "seen", { exercise: true }),
    called("mild", "seen", { severity: "yellow" }),
    called("old", "seen"),
    called("new", "seen", { raised_at: "2026-01-01T12:09:00Z" }),
  ];

  assert.deepEqual(order(incidents), ["new", "old", "mild", "drill"]);
});

test("whoever is on the way to a real one is not shown an exercise first; whoever cannot come is", () => {
  const drill = called("drill", "seen", { exercise: true });

  for (const state of ["accepted", "en_route", "on_scene"]) assert.deepEqual(order([drill, called("real", state)]), ["real", "drill"]);
  for (const state of ["declined", "withdrawn"]) assert.deepEqual(order([drill, called("real", state)]), ["drill", "real"]);
});

test("an answer that is still on the phone is an answer", () => {
  const item = { action_id: "x", alert_id: "a-one", state: "declined", at: "", circle_id: "c" };
  const incidents = [called("one", "seen"), called("other", "seen", { severity: "blue" })];
  const state = { viewer: VIEWER, snapshot: circleSnapshot({ incidents }) };

  assert.deepEqual(order(incidents), ["one", "other"]);
  assert.deepEqual(order(incidents, [item]), ["other", "one"]);
  assert.deepEqual(waitingIncidents(state, [item]).map((each) => each.incident.id), ["other"]);
});

test("for whoever is not called the order is that of importance alone", () => {
  const other = (/** @type {string} */ id, /** @type {string} */ state, change = {}) =>
    incident(id, { ...change, deliveries: [delivery(`a-${id}`, "r-9", state)] });

  assert.deepEqual(order([other("mild", "seen", { severity: "blue" }), other("grave", "on_scene")]), ["grave", "mild"]);
  assert.deepEqual(waitingIncidents({ viewer: null, snapshot: circleSnapshot({ incidents: [called("i", "seen")] }) }, []), []);
});

/** One person in a unit on foot and in an engine, with the engine second. */
const inBoth = (state, change = {}) => delivery("a-i", "r-1", state, { unit_ids: ["u-1", "u-engine"], ...change });
const REACH = { members: [{ unit_id: "u-1", profile: "foot" }, { unit_id: "u-engine", profile: "fire_engine" }], non_members: [] };

test("one person in two units is one, and both units have a person on record", () => {
  const known = incident("i", { deliveries: [inBoth("accepted")], response_circle: REACH });

  assert.equal(counts(known).called, 1);
  assert.equal(counts(known).accepted, 1);
  assert.deepEqual([...unrecordedUnitIds(known)], []);
  assert.equal(notReached(incident("i", { deliveries: [inBoth("sent")] }), SENT_MS + 31_000).length, 1);
});

test("only the unit that the person goes with is coming", () => {
  const known = [inBoth("en_route")];

  assert.equal(unitState(known, "u-1"), "en_route");
  assert.equal(unitState(known, "u-engine"), null);
  assert.deepEqual(comeWith(known, "u-engine"), ["u-1"]);
  assert.deepEqual(comeWith(known, "u-1"), []);
  assert.deepEqual(comeWith([...known, delivery("a-i", "r-2", "sent", { unit_id: "u-engine" })], "u-engine"), []);
});

test("an engine may come until its only person goes with another unit", () => {
  const burns = (/** @type {object} */ call) => burnsWithoutEngine(incident("i", { deliveries: [call], response_circle: REACH }));

  assert.equal(burns(inBoth("seen")), false);
  assert.equal(burns(inBoth("accepted")), true);
  assert.equal(burns(inBoth("accepted", { unit_id: "u-engine" })), false);
  assert.equal(burns(inBoth("declined")), true);
  assert.equal(burns(inBoth("withdrawn", { unit_id: "u-engine" })), true);
});

test("the unit that a person goes with is what they chose, then what waits to be sent, then what the server says", () => {
  const waiting = [{ alert_id: "a-i", state: "accepted", unit_id: "u-engine", action_id: "x", at: "", circle_id: "c" }];

  assert.equal(ownUnitId({ outbox: [], chosenUnits: {} }, inBoth("seen")), "u-1");
  assert.equal(ownUnitId({ outbox: [], chosenUnits: { "a-i": "u-engine" } }, inBoth("seen")), "u-engine");
  assert.equal(ownUnitId({ outbox: waiting, chosenUnits: {} }, inBoth("seen")), "u-engine");
  assert.equal(ownUnitId({ outbox: waiting, chosenUnits: {} }, delivery("a-i", "r-1", "seen")), "u-1", "they have left it");
});

test("people who come with another unit name it once, and people of other units do not count", () => {
  const three = ["r-1", "r-2"].map((id) => delivery("a-i", id, "accepted", { unit_ids: ["u-1", "u-engine"] }));

  assert.deepEqual(comeWith(three, "u-engine"), ["u-1"]);
  assert.deepEqual(comeWith([delivery("a-i", "r-3", "accepted")], "u-engine"), []);
});

test("of what waits to be sent, the last unit that was named for this alert counts", () => {
  const call = delivery("a-i", "r-1", "seen", { unit_ids: ["u-1", "u-engine", "u-3"] });
  const said = (/** @type {string | undefined} */ unit_id, alert_id = "a-i") => ({ action_id: "x", alert_id, state: "accepted", unit_id, at: "", circle_id: "c" });
  const own = (/** @type {any[]} */ outbox, chosenUnits = {}) => ownUnitId({ outbox, chosenUnits }, call);

  assert.equal(own([said("u-engine"), said("u-3")]), "u-3");
  assert.equal(own([said("u-engine"), said(undefined)]), "u-engine");
  assert.equal(own([said("u-engine", "a-other")]), "u-1");
  assert.equal(own([said("u-engine")], { "a-i": "u-3" }), "u-3");
});

test("the way that is drawn strong is that of the unit that was picked, or else of the viewer's own", () => {
  const incidents = [incident("i", { deliveries: [inBoth("seen")], response_circle: REACH })];
  const live = { viewer: VIEWER, snapshot: circleSnapshot({ incidents }) };
  const shown = (change = {}) =>
    shownUnitId(/** @type {any} */ ({ live, view: { name: "incident", id: "i" }, focusedUnitId: null, outbox: [], chosenUnits: {}, ...change }));

  assert.equal(shown(), "u-1");
  assert.equal(shown({ chosenUnits: { "a-i": "u-engine" } }), "u-engine");
  assert.equal(shown({ focusedUnitId: "u-9" }), "u-9");
  assert.equal(shown({ view: { name: "place" } }), null);
  assert.equal(shown({ live: { ...live, viewer: null } }), null);
});

test("OpenStreetMap is named where the server says so, and before it does on every circle that is not made up", () => {
  const circle = (/** @type {boolean} */ illustrative) =>
    /** @type {any} */ ({ viewer: null, snapshot: { circle: { illustrative } } });
  assert.equal(needsCredit({ attribution: null, live: circle(false) }), true);
  assert.equal(needsCredit({ attribution: null, live: circle(true) }), false);
  assert.equal(needsCredit({ attribution: "© OpenStreetMap contributors", live: circle(true) }), true);
  assert.equal(needsCredit({ attribution: "", live: circle(false) }), false);
});
