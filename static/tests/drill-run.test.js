// Drills that run: the clock, what stands still, what can be done, and what was seen.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sizeWithin } from "../js/actions/photos/shrink-photo.js";
import { clockS, closedBy, momentMs, ongoingDrill, ongoingDrills, standingOf } from "../js/state/drills/ongoing.js";
import { unitsOut } from "../js/state/drills/units-out.js";
import { amended, bodyOf, changed, current, isWaiting, ownOf, parsed, tapped } from "../js/state/drills/observed.js";
import { counted, deedsOf, givenInjects, nextInject, standingOfObjective } from "../js/state/drills/run.js";

const START = "2026-03-01T08:00:00Z";
const at = (/** @type {number} */ s) => new Date(Date.parse(START) + s * 1000).toISOString();
const ms = (/** @type {number} */ s) => Date.parse(START) + s * 1000;
const inject = (number, more = {}) => ({ number, state: "planned", due_s: number * 60, at_s: null, by_name: null, closure_id: null, ...more });
const drill = (more = {}) => ({ drill_id: "d", name: "演练", mode: "field", state: "running", started_at: START, ended_at: null, incident_id: null, injects: [], pauses: [], closures: [], marks: [], units_out: [], facts: [], observations: 0, ...more });

test("the clock stands still in pauses, one that goes on included, and after the end", () => {
  const pauses = [{ reason: "by_hand", begins_at: at(60), ends_at: at(90) }];
  const paused = { pauses: [...pauses, { reason: "real_alert", begins_at: at(120), ends_at: null }], state: "paused" };

  assert.equal(clockS(drill(), ms(-5)), 0);
  assert.equal(clockS(drill({ pauses }), ms(75)), 60);
  assert.equal(clockS(drill({ pauses }), ms(120)), 90);
  assert.equal(clockS(drill(paused), ms(500)), 90);
  assert.equal(clockS(drill({ pauses, ended_at: at(150), state: "ended" }), ms(500)), 120);
  assert.equal(standingOf(drill(paused)), "paused_by_alert");
  assert.equal(standingOf(drill({ state: "paused", pauses: [{ ...paused.pauses[1], reason: "by_hand" }] })), "paused");
  assert.equal(standingOf(drill()), "running");
  assert.equal(standingOf(drill({ state: "ended" })), "ended");
});

test("a snapshot that an earlier version kept has no drills", () => {
  assert.deepEqual(ongoingDrills({ viewer: null, snapshot: /** @type {any} */ ({}) }), []);
  assert.equal(ongoingDrill(/** @type {any} */ ({ snapshot: { drills: [drill()] } }), "d")?.name, "演练");
  assert.equal(ongoingDrill(/** @type {any} */ ({ snapshot: { drills: [drill()] } }), "x"), null);
});

test("what can be done with an inject depends on its state, and giving needs a clock that runs", () => {
  assert.deepEqual(deedsOf(inject(1), drill()), ["give", "hold", "skip"]);
  assert.deepEqual(deedsOf(inject(1), drill({ state: "paused" })), ["hold", "skip"]);
  assert.deepEqual(deedsOf(inject(1, { state: "held" }), drill()), ["give", "let_go", "skip"]);
  assert.deepEqual(deedsOf(inject(1, { state: "given" }), drill()), ["undo"]);
  assert.deepEqual(deedsOf(inject(1, { state: "expired" }), drill()), ["give", "undo"]);
  assert.deepEqual(deedsOf(inject(1), drill({ state: "ended" })), []);
});

test("the next inject is the first that is due; one that waits comes after, one that is held last", () => {
  const waits = inject(1, { due_s: null });
  const held = inject(2, { state: "held" });
  const given = [inject(4, { state: "given", at_s: 20 }), inject(5, { state: "given", at_s: 10, closure_id: "lane" })];
  const run = drill({ injects: [waits, held, inject(3), ...given] });

  assert.equal(nextInject(run)?.number, 3);
  assert.equal(nextInject(drill({ injects: [held, waits] }))?.number, 1);
  assert.equal(nextInject(drill({ injects: [held] }))?.number, 2);
  assert.equal(nextInject(drill({ injects: given })), null);
  assert.deepEqual(givenInjects(run).map(({ number }) => number), [5, 4]);
  assert.equal(closedBy(run, "lane"), 5);
  assert.equal(closedBy(run, "other"), null);
});

test("an objective runs on its own clock until it is met", () => {
  const objective = { key: "o", within_s: 120, since_inject: null };
  const since = { ...objective, since_inject: 1 };
  const given = drill({ injects: [inject(1, { state: "given", at_s: 60 })] });

  assert.deepEqual(standingOfObjective(objective, undefined, drill(), 100), { state: "open", tookS: 100, withinS: 120 });
  assert.equal(standingOfObjective(objective, undefined, drill(), 121).state, "overdue");
  assert.deepEqual(standingOfObjective(since, undefined, given, 100), { state: "open", tookS: 40, withinS: 120 });
  assert.equal(standingOfObjective(since, undefined, drill({ injects: [inject(1)] }), 100).state, "not_begun");
  assert.deepEqual(standingOfObjective(objective, { took_s: 90, in_time: true }, drill(), 400), { state: "met", tookS: 90, withinS: 120 });
  assert.equal(standingOfObjective(objective, { took_s: 190, in_time: false }, drill(), 400).state, "late");
});

test("once a drill is over, an objective is told as in its report", () => {
  const objective = { key: "o", within_s: 120, since_inject: null };
  const over = drill({ state: "ended" });

  for (const outcome of ["met", "missed", "not_measured"]) {
    assert.equal(standingOfObjective(objective, { took_s: 190, in_time: false, outcome }, over, 400).state, outcome);
  }
  assert.deepEqual(standingOfObjective(objective, undefined, over, 400), { state: "not_measured", tookS: null, withinS: 120 });
});

test("the moment of a time of the clock lies after the pauses before it", () => {
  const at = (s) => new Date(Date.UTC(2026, 0, 1) + s * 1000).toISOString();
  const run = drill({ started_at: at(0), ended_at: at(900), pauses: [{ begins_at: at(100), ends_at: at(160) }, { begins_at: at(300), ends_at: at(310) }] });

  for (const seconds of [0, 99, 101, 239, 500]) assert.equal(clockS(run, momentMs(run, seconds)), seconds);
  assert.equal(momentMs(run, 500), Date.parse(at(570)));
});

test("people counted are added up, and taken back", () => {
  const fact = (kind, people) => ({ kind, people });
  assert.equal(counted(drill({ facts: [fact("counted", 5), fact("coming", 1), fact("counted", -1)] })), 4);
});

const TAP = { id: "a", circle_id: "c", drill_id: "d", account_id: "me", at: START, verdict: /** @type {const} */ ("good") };

test("a tap waits until the server has all that was said of it, and its picture", () => {
  const sent = changed([tapped(TAP)], "a", (item) => ({ ...item, sent: item.said }));
  const [said] = amended(sent, "a", { text: "水带没有接上" });
  const photographed = changed(sent, "a", (item) => ({ ...item, photo: true }));

  assert.ok(isWaiting(tapped(TAP)));
  assert.ok(!isWaiting(sent[0]));
  assert.ok(isWaiting(said));
  assert.ok(isWaiting(photographed[0]));
  assert.ok(!isWaiting({ ...said, refused: "not_found" }));
  assert.deepEqual(amended(sent, "a", { verdict: "good" }), sent, "the same said again is nothing new");
  assert.deepEqual(bodyOf(amended(sent, "a", { text: " 快 ", lon: 1, lat: 2 })[0]), { at: START, verdict: "good", text: "快", objective: null, lon: 1, lat: 2 });
});

test("what is stored is read whatever it is, and forgotten when the server takes it no more", () => {
  const stored = JSON.stringify([tapped(TAP), { id: "half" }, null]);

  assert.deepEqual(parsed(stored), [tapped(TAP)]);
  assert.deepEqual(parsed("{"), []);
  assert.deepEqual(parsed(null), []);
  assert.equal(current([tapped(TAP)], ms(71 * 3600)).length, 1);
  assert.equal(current([tapped(TAP)], ms(72 * 3600)).length, 0);
});

test("the own list has what waits and what other devices sent, each once, the last first", () => {
  const known = [
    { id: "a", at: START, verdict: "good", text: "", has_photo: true },
    { id: "b", at: at(60), verdict: "note", text: "别处", has_photo: false },
  ];
  const own = ownOf([tapped(TAP)], /** @type {any} */ (known));

  assert.deepEqual(own.map(({ id, state, hasPhoto }) => [id, state, hasPhoto]), [["b", "sent", false], ["a", "waiting", true]]);
});

test("a picture keeps its proportion and is never made larger", () => {
  assert.deepEqual(sizeWithin({ width: 4000, height: 3000 }, 1600), { width: 1600, height: 1200 });
  assert.deepEqual(sizeWithin({ width: 3000, height: 4000 }, 1600), { width: 1200, height: 1600 });
  assert.deepEqual(sizeWithin({ width: 640, height: 480 }, 1600), { width: 640, height: 480 });
  assert.deepEqual(sizeWithin({ width: 10_000, height: 1 }, 1600), { width: 1600, height: 1 });
});

test("units that a drill takes out of service are crossed out where they are drawn, at their post once a position is old", () => {
  const unit = (/** @type {string} */ id, /** @type {[number, number]} */ post) => ({ id, post });
  const positions = [{ unit_id: "moves", lon: 1, lat: 2, at: at(0) }, { unit_id: "stays", lon: 9, lat: 9, at: at(0) }];
  const live = (/** @type {string[]} */ units_out) => /** @type {any} */ ({ snapshot: { drills: [drill(), drill({ drill_id: "e", units_out })], units: [unit("moves", [3, 4]), unit("stays", [5, 6]), unit("waits", [7, 8])], positions } });

  assert.deepEqual(unitsOut(live(["moves", "waits", "gone"]), ms(60)), [[1, 2], [7, 8]]);
  assert.deepEqual(unitsOut(live(["moves"]), ms(7200)), [[3, 4]]);
  assert.deepEqual(unitsOut(live([]), ms(60)), []);
});
