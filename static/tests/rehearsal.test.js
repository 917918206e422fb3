import assert from "node:assert/strict";
import { test } from "node:test";

import { happenedBy, linesOf, placeAt, unitsAt } from "../js/state/drills/rehearsal.js";

const track = /** @type {const} */ ([[10_000, 1, 2], [20_000, 3, 2], [40_000, 3, 4]]);
const happening = (/** @type {number} */ at_ms, /** @type {string} */ kind, /** @type {string | null} */ unit_id = null) => ({ at_ms, kind, unit_id, inject: null, objective: null, people: null, delay_ms: null });
const rehearsal = (more = {}) => /** @type {any} */ ({ units: [], happenings: [], ...more });

test("a unit waits at its post, moves straight between two points, and stays where it came to", () => {
  assert.deepEqual(placeAt(track, 0)?.at, [1, 2]);
  assert.deepEqual(placeAt(track, 15_000), { at: [2, 2], path: [[1, 2], [2, 2]] });
  assert.deepEqual(placeAt(track, 30_000)?.at, [3, 3]);
  assert.deepEqual(placeAt(track, 99_000), { at: [3, 4], path: [[1, 2], [3, 2], [3, 4]] });
  assert.equal(placeAt([], 0), null);
});

test("a unit is on scene from the moment it arrived, and one that never sets out is not drawn", () => {
  const units = [{ unit_id: "a", arrived_ms: 40_000, track }, { unit_id: "b", arrived_ms: null, track: [] }, { unit_id: "c", arrived_ms: null, track }];
  const states = (/** @type {number} */ at) => unitsAt(rehearsal({ units }), at).map(({ id, state }) => `${id} ${state}`);

  assert.deepEqual(states(0), ["a waiting", "c waiting"]);
  assert.deepEqual(states(39_999), ["a moving", "c moving"]);
  assert.deepEqual(states(40_000), ["a on_scene", "c moving"]);
});

test("units called at the same moment are one line; others have lines of their own", () => {
  const happenings = [happening(0, "called", "a"), happening(0, "not_coming", "a"), happening(0, "called", "b"), happening(5, "set_out", "b"), happening(5, "set_out", "c"), happening(9, "ended")];
  const lines = linesOf(rehearsal({ happenings }));

  assert.deepEqual(lines.map(({ kind, unitIds }) => [kind, unitIds.join(" ")]), [["called", "a b"], ["not_coming", "a"], ["set_out", "b"], ["set_out", "c"], ["ended", ""]]);
  assert.deepEqual([happenedBy(lines, 4), happenedBy(lines, 5), happenedBy(lines, 9)], [2, 4, 5]);
});
