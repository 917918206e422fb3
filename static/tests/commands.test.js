// What a command has done is there as soon as the server answers: no event has come yet.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { alert, circleSnapshot, delivery, event, incident, VIEWER } from "./examples.js";

const CLOSURE = { id: "c1", name: "围挡", starts_at: null, ends_at: null };
/** @type {(method: string, path: string) => unknown | Promise<unknown>} */
let answer;
const browser = {
  location: { pathname: "/" },
  document: { documentElement: { hasAttribute: () => false } },
  localStorage: { getItem: () => null, setItem: () => {} },
  fetch: async (/** @type {string} */ path, /** @type {{ method: string }} */ { method }) =>
    new Response(JSON.stringify(await answer(method, path)), { status: method === "POST" ? 201 : 200, headers: { "Content-Type": "application/json" } }),
};
for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { liftClosure, setClosure } = await import("../js/actions/map/closure.js");
const { removeThing } = await import("../js/actions/map/remove-thing.js");
const { setDuty } = await import("../js/actions/map/set-duty.js");
const { endIncident } = await import("../js/actions/incident/end-incident.js");
const { model } = await import("../js/state/model.js");
const { apply } = await import("../js/state/store.js");

const UNIT = { id: "u-1", on_duty: true };
const known = () => /** @type {any} */ (model.value.live.snapshot);

beforeEach(() => {
  const snapshot = circleSnapshot({ units: [UNIT], hazards: [{ id: "h-1" }], incidents: [incident("i1")] });
  model.set({ circleId: "c", live: /** @type {any} */ ({ viewer: VIEWER, snapshot }), toasts: [] });
});

test("a closure is known before its event, and so is that it was lifted", async () => {
  answer = () => CLOSURE;

  await setClosure();
  assert.deepEqual(model.value.view, { name: "closure", id: "c1" });
  assert.deepEqual(known().closures, [CLOSURE]);

  await liftClosure("c1");
  assert.deepEqual(known().closures, []);
});

test("a closure that another person lifted before the answer came is not put back by it", async () => {
  answer = () => {
    const set = apply(model.value.live, /** @type {any} */ (event(6, { kind: "closure_created", closure: CLOSURE })));
    model.set({ live: apply(set, /** @type {any} */ (event(7, { kind: "closure_lifted", closure_id: "c1" }))) });
    return CLOSURE;
  };

  await setClosure();

  assert.deepEqual(known().closures, []);
});

test("a unit goes off duty with the answer", async () => {
  answer = () => ({ ...UNIT, on_duty: false });

  await setDuty("u-1", false);

  assert.deepEqual(known().units, [{ ...UNIT, on_duty: false }]);
});

test("an incident has ended with the answer, and those called are told so", async () => {
  const ended = incident("i1", {
    ended_at: "2026-01-01T12:30:00Z",
    alerts: [alert("a-i1", "i1"), alert("a-end", "i1", { message_type: "Cancel" })],
    deliveries: [delivery("a-i1", "r-1", "seen"), delivery("a-end", "r-1", "queued")],
  });
  answer = () => ended;

  await endIncident("i1", "resolved");

  const [shown] = known().incidents;
  assert.equal(shown.incident.ended_at, "2026-01-01T12:30:00Z");
  assert.deepEqual(shown.alerts.map((/** @type {{ id: string }} */ { id }) => id), ["a-i1", "a-end"]);
  assert.deepEqual(shown.deliveries, [delivery("a-end", "r-1", "queued")]);
});

test("what was removed is gone with the answer, whether a snapshot or a request brought it", async () => {
  answer = () => ({ removed: 1, kept: [] });
  const { loaded } = model.value;
  const facilities = { ...loaded.facilities, value: /** @type {any[]} */ ([{ id: "f-1" }, { id: "f-2" }]) };
  model.set({ loaded: { ...loaded, facilities } });

  await removeThing("hazards", "h-1");
  await removeThing("facilities", "f-1");

  assert.deepEqual(known().hazards, []);
  assert.deepEqual(model.value.loaded.facilities.value, [{ id: "f-2" }]);
});

test("what had to stay stays", async () => {
  answer = () => ({ removed: 0, kept: [{ id: "h-1", code: "in_use" }] });

  await removeThing("hazards", "h-1");

  assert.deepEqual(known().hazards, [{ id: "h-1" }]);
});
