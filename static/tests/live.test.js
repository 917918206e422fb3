import assert from "node:assert/strict";
import { test } from "node:test";

import { CAP_MS, waitMs } from "../js/live/backoff.js";
import { current, load, queued, save, settled, withoutUnit } from "../js/live/outbox.js";

const item = (change = {}) => ({
  action_id: "x1",
  alert_id: "a1",
  state: "accepted",
  at: "2026-01-01T12:00:00Z",
  circle_id: "c",
  ...change,
});

test("waiting is spread over the whole span from nothing to the most", () => {
  assert.equal(waitMs(9, () => 0), 0);
  assert.ok(waitMs(99, () => 0.999999) < CAP_MS);
  assert.ok(waitMs(99, () => 0.999999) > CAP_MS * 0.99);
  assert.ok(waitMs(0, () => 0.999999) <= 400);
});

test("the same answer twice is one action", () => {
  const once = queued([], item());

  assert.deepEqual(queued(once, item({ action_id: "x2" })), once);
  assert.equal(queued(once, item({ action_id: "x3", state: "en_route" })).length, 2);
  assert.equal(queued(once, item({ action_id: "x4", alert_id: "a2" })).length, 2);
});

test("changing to another unit and back again ends with the first", () => {
  const said = ["u-1", "u-2", "u-1", "u-1"].map((unit_id, i) => item({ action_id: `x${i}`, unit_id }));

  const waiting = said.reduce((items, each) => queued(items, each), []);

  assert.deepEqual(waiting.map((each) => each.unit_id), ["u-1", "u-2", "u-1"]);
});

test("an answer whose unit is refused goes on without it, and the others with theirs", () => {
  const other = item({ action_id: "x2", unit_id: "u-2" });

  assert.deepEqual(withoutUnit([item({ unit_id: "u-1" }), other], "x1"), [item(), other]);
});

test("what is stored at the server is forgotten, by its action", () => {
  assert.deepEqual(settled([item(), item({ action_id: "x2" })], "x1"), [item({ action_id: "x2" })]);
});

test("answers outlive the page, and broken storage does not stop it", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };

  save(storage, "k", [item()]);

  assert.deepEqual(load(storage, "k"), [item()]);
  kept.set("k", "{broken");
  assert.deepEqual(load(storage, "k"), []);
  kept.set("k", '[{"nonsense": true}, null]');
  assert.deepEqual(load(storage, "k"), []);
});

test("an answer from the day before yesterday is not sent any more", () => {
  const nowMs = Date.parse("2026-01-03T12:00:00Z");

  assert.deepEqual(current([item(), item({ at: "2026-01-03T11:00:00Z" })], nowMs), [item({ at: "2026-01-03T11:00:00Z" })]);
});
