import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, applyAnswer, ENDED_KEPT, NO_POSITION, NOTHING_YET, positionOf } from "../js/state/store.js";
import { alert, delivery, event, incident, circleSnapshot, VIEWER } from "./examples.js";

const state = (change) => ({ viewer: VIEWER, snapshot: circleSnapshot(change) });
const snapshot = (change) => apply(NOTHING_YET, { type: "snapshot", viewer: VIEWER, snapshot: circleSnapshot(change) });

/** Fails on any attempt to write. */
function frozen(value) {
  if (value && typeof value === "object") Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

test("a snapshot replaces everything", () => {
  const after = apply(state({ seq: 99, units: [{ id: "gone" }] }), { type: "snapshot", viewer: VIEWER, snapshot: circleSnapshot() });

  assert.deepEqual([after.viewer, after.snapshot, after.snapshotSeq], [VIEWER, circleSnapshot(), 5]);
});

test("events before a snapshot are not invented into a snapshot", () => {
  const raised = event(1, { kind: "alert_raised", detail: incident("i1") });

  assert.equal(apply(NOTHING_YET, raised), NOTHING_YET);
});

test("an event that was seen before changes nothing, not even the object", () => {
  const before = state({ seq: 5 });

  assert.equal(apply(before, event(5, { kind: "closure_lifted", closure_id: "x" })), before);
});

test("numbers may jump, since events for others are left out", () => {
  const after = apply(state({ seq: 5 }), event(9, { kind: "alert_raised", detail: incident("i1") }));

  assert.equal(after.snapshot.seq, 9);
  assert.equal(after.snapshot.incidents[0].incident.id, "i1");
});

test("the state that went in stays as it was", () => {
  const before = frozen(state({ incidents: [incident("i1", { deliveries: [delivery("a-i1", "r-1", "sent")] })] }));
  const seen = event(6, { kind: "deliveries_updated", incident_id: "i1", deliveries: [delivery("a-i1", "r-1", "seen")] });

  const after = apply(before, frozen(seen));

  assert.equal(before.snapshot.incidents[0].deliveries[0].state, "sent");
  assert.equal(after.snapshot.incidents[0].deliveries[0].state, "seen");
});

test("a batch of deliveries moves each and leaves the others", () => {
  const deliveries = ["r-1", "r-2", "r-3"].map((id) => delivery("a-i1", id, "queued"));
  const moved = ["r-1", "r-3"].map((id) => delivery("a-i1", id, "sent"));

  const after = apply(
    state({ incidents: [incident("i1", { deliveries })] }),
    event(6, { kind: "deliveries_updated", incident_id: "i1", deliveries: moved }),
  );

  assert.deepEqual(after.snapshot.incidents[0].deliveries.map((each) => each.state), ["sent", "queued", "sent"]);
});

test("an incident that ends keeps its calls and gains the cancelling one", () => {
  const known = incident("i1", { deliveries: [delivery("a-i1", "r-1", "accepted")] });
  const cancel = alert("a-cancel", "i1", { message_type: "Cancel", references: ["a-i1"] });
  const ended = { ...known.incident, ended_at: "2026-01-01T12:30:00Z", end_reason: "false_alarm", ended_by_name: "周岚" };

  const after = apply(
    state({ incidents: [known] }),
    event(6, { kind: "incident_ended", incident: ended, alert: cancel, deliveries: [delivery("a-cancel", "r-1", "queued")] }),
  );

  const [only] = after.snapshot.incidents;
  assert.equal(only.incident.end_reason, "false_alarm");
  assert.deepEqual(only.alerts.map((each) => each.id), ["a-i1", "a-cancel"]);
  assert.deepEqual(only.deliveries.map((each) => each.alert_id), ["a-i1", "a-cancel"]);
});

test("open incidents stay for ever, of the ended only the last", () => {
  const ended = Array.from({ length: ENDED_KEPT }, (_, i) =>
    incident(`e${i}`, { raised_at: `2026-01-01T0${i % 10}:00:00Z`, ended_at: `2026-01-02T0${i % 10}:00:00Z` }),
  );
  const old = incident("old", { raised_at: "2025-01-01T00:00:00Z" });
  const last = incident("last", { raised_at: "2026-01-03T00:00:00Z", ended_at: "2026-01-03T01:00:00Z" });

  const after = apply(state({ incidents: [old, ...ended] }), event(6, { kind: "alert_raised", detail: last }));

  const ids = after.snapshot.incidents.map((each) => each.incident.id);
  assert.ok(ids.includes("old") && ids.includes("last") && !ids.includes("e0"));
  assert.equal(ids.length, ENDED_KEPT + 1);
});

test("incidents stand in the order they were raised, however they came", () => {
  const [late, early] = [incident("a", { raised_at: "2026-01-01T12:05:00Z" }), incident("b", { raised_at: "2026-01-01T12:00:00.5Z" })];

  const first = apply(state(), event(6, { kind: "alert_raised", detail: late }));
  const after = apply(first, event(7, { kind: "alert_raised", detail: early }));

  assert.deepEqual(after.snapshot.incidents.map((each) => each.incident.id), ["b", "a"]);
});

test("what is said of an incident that is not known changes only the number", () => {
  const after = apply(state(), event(6, { kind: "response_circle_updated", incident_id: "x", response_circle: {} }));

  assert.deepEqual(after.snapshot, circleSnapshot({ seq: 6, event_id: "e-6" }));
});

test("closures, units and hazards are set, changed and lifted by id", () => {
  let now = state();
  now = apply(now, event(6, { kind: "closure_created", closure: { id: "k2" } }));
  now = apply(now, event(7, { kind: "closure_created", closure: { id: "k1", name: "a" } }));
  now = apply(now, event(8, { kind: "closure_created", closure: { id: "k1", name: "b" } }));
  now = apply(now, event(9, { kind: "closure_lifted", closure_id: "k2" }));
  now = apply(now, event(10, { kind: "unit_changed", unit: { id: "u1", on_duty: false } }));
  now = apply(now, event(11, { kind: "hazard_changed", hazard: { id: "h1", state: "fixed" } }));

  assert.deepEqual(now.snapshot.closures, [{ id: "k1", name: "b" }]);
  assert.deepEqual(now.snapshot.units, [{ id: "u1", on_duty: false }]);
  assert.deepEqual(now.snapshot.hazards, [{ id: "h1", state: "fixed" }]);
});

test("of positions the latest wins, also when it comes first", () => {
  const at = (time) => ({ type: "position", unit_id: "u1", lon: 1, lat: 2, accuracy_m: 5, at: time });

  const newer = apply(state(), at("2026-01-01T12:00:10Z"));
  const after = apply(newer, at("2026-01-01T12:00:05Z"));

  assert.equal(after, newer);
  assert.equal(newer.snapshot.positions[0].at, "2026-01-01T12:00:10Z");
  assert.equal(newer.snapshot.seq, 5);
});

test("kinds that are not known are skipped, and the line goes on", () => {
  const before = snapshot();

  assert.equal(apply(before, { type: "weather", wind: 9 }), before);
  assert.equal(apply(before, event(6, { kind: "moon_rose" })).snapshot.seq, 6);
});

test("a position is number and id together, and follows the events", () => {
  const after = apply(state({ seq: 5 }), event(7, { kind: "closure_lifted", closure_id: "x" }));

  assert.deepEqual(positionOf(after), { epoch: "e1", seq: 7, event_id: "e-7" });
  assert.deepEqual(positionOf(NOTHING_YET), NO_POSITION);
});

test("an incident that was put in before its event leaves no position until the event has come", () => {
  const early = applyAnswer(state(), { kind: "alert_raised", detail: incident("i1") }, state());
  const other = apply(early, event(6, { kind: "alert_raised", detail: incident("i2") }));

  assert.deepEqual(positionOf(early), NO_POSITION);
  assert.deepEqual(positionOf(other), NO_POSITION);
  assert.equal(positionOf(apply(other, event(7, { kind: "alert_raised", detail: incident("i1") }))).seq, 7);
  assert.equal(positionOf(apply(early, { type: "snapshot", viewer: VIEWER, snapshot: circleSnapshot() })).seq, 5);
});

test("what a command answers is shown as the event it causes, and counts as told only when that has come", () => {
  const closure = { id: "c1", name: "围挡" };
  const set = applyAnswer(state(), { kind: "closure_created", closure }, state());
  const lifted = applyAnswer(set, { kind: "closure_lifted", closure_id: "c1" }, set);
  const first = apply(lifted, event(6, { kind: "closure_created", closure }));
  const second = apply(first, event(7, { kind: "closure_lifted", closure_id: "c1" }));

  assert.deepEqual(set.snapshot.closures, [closure]);
  assert.deepEqual(lifted.snapshot.closures, []);
  assert.deepEqual([set, lifted, first].map(positionOf), [NO_POSITION, NO_POSITION, NO_POSITION]);
  assert.equal(positionOf(second).seq, 7);
  assert.deepEqual(second.snapshot.closures, []);
});

test("an answer counts a change of reach as its event does: what rests on it is asked for once", () => {
  const figures = applyAnswer(state(), { kind: "profiles_changed" }, state());
  const told = apply(figures, { ...event(6, { kind: "profiles_changed" }), reach_version: 8 });

  assert.deepEqual([figures, told].map(({ snapshot: { reach_version } }) => reach_version), [8, 8]);
  assert.equal(applyAnswer(told, { kind: "profiles_changed" }, state()), told);
  assert.equal(applyAnswer(state(), { kind: "alert_raised", detail: incident("i1") }, state()).snapshot.reach_version, 7);
});

test("an answer that comes after its event changes nothing", () => {
  const closure = { id: "c1", name: "围挡" };
  const after = apply(state(), event(6, { kind: "closure_created", closure }));

  assert.equal(applyAnswer(after, { kind: "closure_created", closure: { ...closure } }, state()), after);
  assert.equal(applyAnswer(NOTHING_YET, { kind: "closure_created", closure }, NOTHING_YET), NOTHING_YET);
});

test("a late answer does not put back what somebody else has taken away meanwhile", () => {
  const closure = { id: "c1", name: "围挡" };
  const set = apply(state(), event(6, { kind: "closure_created", closure }));
  const lifted = apply(set, event(7, { kind: "closure_lifted", closure_id: "c1" }));
  const off = apply(state(), event(8, { kind: "unit_changed", unit: { id: "u1", on_duty: false } }));

  assert.equal(applyAnswer(lifted, { kind: "closure_created", closure }, state()), lifted);
  assert.equal(applyAnswer(off, { kind: "unit_changed", unit: { id: "u1", on_duty: true } }, state()), off);
});

test("an answer is not put over a snapshot that was taken after its command was sent", () => {
  const later = snapshot({ seq: 9 });

  assert.equal(applyAnswer(later, { kind: "closure_created", closure: { id: "c1" } }, state()), later);
  assert.equal(applyAnswer(later, { kind: "closure_created", closure: { id: "c1" } }, later).snapshot.closures.length, 1);
});

test("the answer that ends an incident, and its event after it, tell of the cancelling call once", () => {
  const known = state({ incidents: [incident("i1", { deliveries: [delivery("a-i1", "r-1", "accepted")] })] });
  const cancel = alert("a-cancel", "i1", { message_type: "Cancel" });
  const ended = { kind: "incident_ended", incident: { ...incident("i1").incident, ended_at: "2026-01-01T12:30:00Z" }, alert: cancel, deliveries: [delivery("a-cancel", "r-1", "queued")] };

  const after = apply(applyAnswer(known, ended, known), event(6, ended));

  assert.deepEqual(after.snapshot, apply(known, event(6, ended)).snapshot);
});
