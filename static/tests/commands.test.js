// What a command has done is there as soon as the server answers: no event has come yet.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { alert, circleSnapshot, delivery, event, incident, VIEWER } from "./examples.js";

const CLOSURE = { id: "c1", name: "围挡", starts_at: null, ends_at: null };
/** @type {(method: string, path: string, body: any) => unknown | Promise<unknown>} */
let answer;
/** @type {{ code: string, status: number } | null} */
let refusal = null;
const browser = {
  location: { pathname: "/" },
  document: { documentElement: { hasAttribute: () => false } },
  localStorage: { getItem: () => null, setItem: () => {} },
  fetch: async (/** @type {string} */ path, /** @type {{ method: string, body?: string }} */ { method, body }) => {
    const headers = { "Content-Type": "application/json" };
    if (refusal) return new Response(JSON.stringify(refusal), { status: refusal.status, headers });
    const said = await answer(method, path, body && JSON.parse(body));
    return new Response(JSON.stringify(said), { status: method === "POST" ? 201 : 200, headers });
  },
};
for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { liftClosure, setClosure } = await import("../js/actions/map/closure.js");
const { removeThing } = await import("../js/actions/map/remove-thing.js");
const { setDuty } = await import("../js/actions/map/set-duty.js");
const { endIncident, sendUpdate, setSeverity, setStage, undoAlert } = await import("../js/actions/incident/direct-incident.js");
const { raiseAlert } = await import("../js/actions/incident/raise-alert.js");
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

  await endIncident("i1", "resolved", "");

  const [shown] = known().incidents;
  assert.equal(shown.incident.ended_at, "2026-01-01T12:30:00Z");
  assert.deepEqual(shown.alerts.map((/** @type {{ id: string }} */ { id }) => id), ["a-i1", "a-end"]);
  assert.deepEqual(shown.deliveries, [delivery("a-end", "r-1", "queued")]);
});

test("a stage, an update and an undo are shown with the answer, and once when their events come", async () => {
  answer = () => incident("i1", { stage: "confirmed" });
  await setStage("i1", "confirmed");
  assert.equal(known().incidents[0].incident.stage, "confirmed");

  const update = alert("a-up", "i1", { message_type: "Update", cause: "text", text: "先到门岗" });
  const told = [delivery("a-up", "r-1", "queued")];
  answer = () => incident("i1", { stage: "confirmed", alerts: [alert("a-i1", "i1"), update], deliveries: told });
  await sendUpdate("i1", "先到门岗");
  const event6 = event(6, { kind: "alert_updated", incident: known().incidents[0].incident, alert: update, deliveries: told });
  model.set({ live: apply(model.value.live, /** @type {any} */ (event6)) });
  assert.deepEqual(known().incidents[0].alerts.map((/** @type {{ id: string }} */ { id }) => id), ["a-i1", "a-up"]);
  assert.deepEqual(known().incidents[0].deliveries, told);

  // The colour that it has already: the answer holds nothing new.
  await setSeverity("i1", "red");
  assert.equal(known().incidents[0].alerts.length, 2);

  const cancel = alert("a-end", "i1", { message_type: "Cancel", cause: "mistake" });
  answer = () => incident("i1", { ended_at: "2026-01-01T12:00:04Z", end_reason: "mistake", alerts: [alert("a-i1", "i1"), update, cancel] });
  await undoAlert("i1");
  assert.equal(known().incidents[0].incident.end_reason, "mistake");
});

test("one nearby is asked about, and the person goes on", async () => {
  const candidate = { incident_id: "i1", kind: "smoke", label: "7栋" };
  const bodies = /** @type {any[]} */ ([]);
  refusal = { code: "similar_incident", status: 409, candidates: [candidate] };
  const place = /** @type {any} */ ({ lon: 1, lat: 2, label: "", building: null, entrance: null });
  await raiseAlert(place, { kind: "fire", severity: null, note: "" });
  assert.deepEqual(model.value.raise, { status: "asking", kind: "fire", error: null, candidates: [candidate] });
  assert.equal(known().incidents.length, 1);

  refusal = null;
  answer = (_method, _path, body) => {
    bodies.push(body);
    return incident("i2");
  };
  await raiseAlert(place, { kind: "fire", severity: null, note: "", notSameAs: ["i1"] });
  assert.deepEqual(bodies.map(({ not_same_as }) => not_same_as), [["i1"]]);
  assert.equal(model.value.raise.status, "idle");
  assert.equal(known().incidents.length, 2);
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
