import assert from "node:assert/strict";
import { test } from "node:test";

import { drawChanges } from "../js/map/drawing.js";
import { model } from "../js/state/model.js";
import { circleSnapshot } from "./examples.js";

const NOW_MS = Date.parse("2026-01-01T12:00:00Z");
const unit = { id: "u", profile: "car", on_duty: true, post: [1, 2], name: "u" };

/** Draw at each of these seconds; return which sources were set each time. */
function setAt(seconds, positions) {
  const drawn = {};
  const live = { viewer: null, snapshot: circleSnapshot({ units: [unit], positions }) };
  return seconds.map((second) => {
    const set = [];
    const map = {
      getSource: (name) => ({ setData: () => set.push(name) }),
      removeFeatureState: () => {},
      setFeatureState: () => {},
    };
    drawChanges(map, { ...model.value, live }, { drawn, nowMs: NOW_MS + second * 1000 });
    return set;
  });
}

test("a map on which time alone passes is not drawn again", () => {
  const [first, ...later] = setAt([0, 5, 60], []);

  assert.ok(first.includes("units"));
  assert.deepEqual(later, [[], []]);
});

test("an age that reads otherwise by now is drawn again", () => {
  const at = new Date(NOW_MS - 10_000).toISOString();

  const [, later] = setAt([0, 120], [{ unit_id: "u", lon: 3, lat: 4, accuracy_m: 5, at }]);

  assert.deepEqual(later, ["units"]);
});
