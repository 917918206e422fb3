import assert from "node:assert/strict";
import { test } from "node:test";

import { needsScreen } from "../js/state/needs-screen.js";
import { circleSnapshot, delivery, incident, VIEWER } from "./examples.js";

const OVERVIEW = { name: "overview" };
const ON_SCREEN = { name: "incident", id: "i" };
const ENDED = { ended_at: "2026-01-01T12:10:00Z" };

/** @param {any[]} incidents */
const page = (incidents, change = {}) =>
  /** @type {any} */ ({ phase: "open", live: { viewer: VIEWER, snapshot: circleSnapshot({ incidents }) }, view: OVERVIEW, outbox: [], pushed: null, ...change });
/** @param {string} state */
const called = (state, change = {}) => incident("i", { deliveries: [delivery("a-i", VIEWER.responder_ids[0], state)], ...change });

test("an open alert keeps the screen on while it is shown, and an ended one does not", () => {
  assert.equal(needsScreen(page([incident("i")], { view: ON_SCREEN })), true);
  assert.equal(needsScreen(page([incident("i", ENDED)], { view: ON_SCREEN })), false);
  assert.equal(needsScreen(page([incident("i")])), false);
});

test("a call that waits, and the way there, keep it on whatever is shown", () => {
  const wanted = { queued: true, seen: true, accepted: true, en_route: true, on_scene: false, declined: false, withdrawn: false };
  for (const [state, on] of Object.entries(wanted)) assert.equal(needsScreen(page([called(state)])), on, state);
  assert.equal(needsScreen(page([called("seen", ENDED)])), false);
});

test("an alert of which only the notification has come keeps it on", () => {
  assert.equal(needsScreen(page([], { view: ON_SCREEN, pushed: { incident_id: "i" } })), true);
  assert.equal(needsScreen(page([], { view: OVERVIEW, pushed: { incident_id: "i" } })), false);
});

test("who is not signed in has no alert", () => {
  assert.equal(needsScreen(page([called("seen")], { phase: "signed_out" })), false);
});
