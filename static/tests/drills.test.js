import assert from "node:assert/strict";
import { test } from "node:test";

import { changedInject, changedObjective, inTime, isRenumbered, namedField, openProblems, parseClock, renumbered, withInject, withObjective, withoutInject, withoutObjective } from "../js/state/drills/plan.js";
import { reachTable } from "../js/state/drills/reach.js";
import { inOrder } from "../js/state/drills/in-order.js";

const inject = (/** @type {number} */ number, /** @type {number} */ after_s, more = {}) => ({
  number, after_s, kind: "message", text: `text ${number}`, expected: "", partner_ids: [], objective: null, waits_for: null, expires_after_s: 600, lon: null, lat: null, closure: null, unit_id: null, ...more,
});
const objective = (/** @type {string} */ key, more = {}) => ({ key, text: key, measure: "first_on_scene", within_s: 180, since_inject: null, partner_kind: null, count: null, ...more });
const plan = (more = {}) => /** @type {any} */ ({ name: "x", duration_s: 3600, objectives: [], injects: [], ...more });
const afterInject = (/** @type {number} */ number) => ({ kind: "inject", objective: null, inject: number });

test("minutes and seconds are read however they are typed, and nothing else is", () => {
  for (const [typed, seconds] of /** @type {const} */ ([["2:30", 150], ["02:05", 125], ["T+02:00", 120], ["t + 0:00", 0], ["１：００", 60], ["90:00", 5400], ["1:05:00", 3900]])) assert.equal(parseClock(typed), seconds, typed);
  for (const typed of ["", "150", "2:3", "2:60", "1:70:00", "-1:00", "2：xx", "1:00 am"]) assert.equal(parseClock(typed), null, typed);
});

test("what waits for an inject comes after it, what may come at any time last, and a ring of them does not hang", () => {
  const injects = [inject(1, 300), inject(2, 0), inject(3, 60, { waits_for: afterInject(1) }), inject(4, 320)];

  assert.deepEqual(inTime(/** @type {any} */ (injects)).map(({ number }) => number), [2, 1, 4, 3]);
  const atAnyTime = [inject(1, 0, { waits_for: { kind: "on_scene", objective: null, inject: null } }), inject(2, 900), inject(3, 0, { waits_for: afterInject(1) })];
  assert.deepEqual(inTime(/** @type {any} */ (atAnyTime)).map(({ number }) => number), [2, 1, 3]);
  const ring = [inject(1, 0, { waits_for: afterInject(2) }), inject(2, 0, { waits_for: afterInject(1) })];
  assert.equal(inTime(/** @type {any} */ (ring)).length, 2);
});

test("injects numbered by time take all that refers to them along", () => {
  const before = plan({
    injects: [inject(1, 300, { kind: "closure" }), inject(5, 0), inject(7, 60, { waits_for: afterInject(1) })],
    objectives: [objective("lane", { measure: "lane_clear", since_inject: 1 })],
  });
  assert.equal(isRenumbered(before), false);

  const after = renumbered(before);

  assert.deepEqual(after.injects.map(({ number, text }) => [number, text]), [[1, "text 5"], [2, "text 1"], [3, "text 7"]]);
  assert.equal(after.injects[2]?.waits_for?.inject, 2);
  assert.equal(after.objectives[0]?.since_inject, 2);
  assert.equal(isRenumbered(after), true);
});

test("what is removed is not referred to any more", () => {
  const before = plan({
    injects: [inject(1, 0), inject(2, 0, { waits_for: afterInject(1) }), inject(3, 0, { objective: "a", waits_for: { kind: "objective", objective: "a", inject: null } })],
    objectives: [objective("a", { since_inject: 1 })],
  });

  assert.deepEqual(withoutInject(before, 1).injects.map(({ waits_for }) => waits_for?.kind ?? null), [null, "objective"]);
  assert.equal(withoutInject(before, 1).objectives[0]?.since_inject, null);
  const bare = withoutObjective(before, "a").injects[2];
  assert.deepEqual([bare?.objective, bare?.waits_for], [null, null]);
});

test("a new inject comes a minute after the last and within the drill; a new objective has a key of its own", () => {
  const { plan: first, number } = withInject(plan({ injects: [inject(4, 3590)] }), "hazard", "");
  assert.deepEqual([number, first.injects[1]?.after_s], [5, 3600]);

  const { key } = withObjective(plan({ objectives: [objective("o2")] }));
  assert.equal(key, "o3");
});

test("an inject or objective of another kind keeps nothing that only the kind before has", () => {
  const closing = plan({ injects: [inject(1, 0, { kind: "closure", closure: { geometry: {}, wider_than_m: null } })], objectives: [objective("a", { measure: "coming", count: 3 })] });

  assert.equal(changedInject(closing, 1, { kind: "message" }).injects[0]?.closure, null);
  const partner = changedObjective(closing, "a", { measure: "partner_on_scene" }).objectives[0];
  assert.deepEqual([partner?.count, partner?.partner_kind], [null, "community"]);
  assert.equal(changedObjective(closing, "a", { measure: "lane_clear" }).objectives[0]?.since_inject, 1);
  assert.equal(changedObjective(closing, "a", { within_s: 9 }).objectives[0]?.count, 3);
});

test("what is wrong is told at its inject whatever comes or goes before it, until something is typed there", () => {
  const saved = /** @type {any} */ ({ plan: plan({ injects: [inject(2, 0), inject(5, 0, { kind: "closure" })] }), problems: [{ code: "closure_missing", field: "injects.1.closure" }] });
  assert.equal(namedField("injects.1.closure", saved.plan), "injects.5.closure");

  assert.deepEqual(openProblems(saved, withoutInject(saved.plan, 2)), [{ code: "closure_missing", field: "injects.5.closure" }]);
  assert.deepEqual(openProblems(saved, changedInject(saved.plan, 5, { closure: /** @type {any} */ ({ geometry: {} }) })), []);
  assert.deepEqual(openProblems(saved, withoutInject(saved.plan, 5)), []);
});

test("units stand in the order in which they arrive, and a way that grows longer or is lost is marked", () => {
  const member = (/** @type {string} */ id, /** @type {number} */ response_s) => ({ unit_id: id, unit_name: id, unit_name_en: "", response_s });
  const lost = { unit_id: "b", unit_name: "b", unit_name_en: "", reason: "cut_off" };
  const stages = /** @type {any} */ ([
    { injects: [], units_out: [], reach: { members: [member("b", 90), member("a", 60)], non_members: [] } },
    { injects: [3], units_out: [], reach: { members: [member("a", 200)], non_members: [lost] } },
  ]);

  const rows = reachTable(stages);

  assert.deepEqual(rows.map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(rows.map(({ cells }) => cells.map(({ isWorse }) => isWorse)), [[false, true], [false, true]]);
  assert.deepEqual([rows[1]?.cells[1]?.response_s, rows[1]?.cells[1]?.reason], [null, "cut_off"]);
});

test("drills to come are listed by date, ended ones after them with the last first, and what was called off at the end", () => {
  const card = (/** @type {string} */ id, /** @type {string} */ state, more = {}) => /** @type {any} */ ({ id, state, starts_at: null, ended_at: null, ...more });
  const { next, over } = inOrder([
    card("undated", "planned"),
    card("off", "called_off", { starts_at: "2099-01-01T00:00:00Z" }),
    card("late", "planned", { starts_at: "2026-05-01T00:00:00Z" }),
    card("first", "ended", { ended_at: "2026-01-01T08:00:00Z", starts_at: "2026-03-01T08:00:00Z" }),
    card("last", "ended", { ended_at: "2026-02-01T08:00:00Z" }),
    card("now", "running", { starts_at: "2026-04-01T00:00:00Z" }),
    card("alone", "planned"),
  ]);
  assert.deepEqual(next.map(({ id }) => id), ["now", "late", "undated", "alone"]);
  assert.deepEqual(over.map(({ id }) => id), ["last", "first", "off"]);
});
