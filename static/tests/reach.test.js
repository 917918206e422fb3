// What is known about closed roads: when it has to be asked for again, and what is drawn of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalFeatures } from "../js/map/critical.js";
import { kindsLost, lossesWithin, rankingKey, reachKey } from "../js/state/reach.js";

const NOW = Date.parse("2025-11-03T06:00:00Z");
const closure = (/** @type {object} */ more) => ({ id: "c1", starts_at: null, ends_at: null, lifted_at: null, ...more });
const circleSnapshot = (/** @type {object} */ more) =>
  /** @type {any} */ ({
    reach_version: 7,
    closures: [closure({})],
    hazards: [{ id: "h1", state: "seen" }],
    ...more,
  });

test("all that changes who can be where in time changes the key", () => {
  const others = [
    circleSnapshot({ reach_version: 8 }),
    circleSnapshot({ closures: [] }),
    circleSnapshot({ closures: [closure({ ends_at: "2025-11-03T05:59:59Z" })] }),
    circleSnapshot({ closures: [closure({ starts_at: "2025-11-03T06:00:01Z" })] }),
  ];
  for (const keyOf of [reachKey, rankingKey]) {
    const before = keyOf(circleSnapshot({}), NOW);
    assert.equal(keyOf(circleSnapshot({}), NOW + 1000), before);
    assert.ok(others.every((each) => keyOf(each, NOW) !== before));
  }
});

test("hazards change rankings and nothing about who is there in time", () => {
  const mended = circleSnapshot({ hazards: [{ id: "h1", state: "closed" }] });

  assert.equal(reachKey(mended, NOW), reachKey(circleSnapshot({}), NOW));
  assert.notEqual(rankingKey(mended, NOW), rankingKey(circleSnapshot({}), NOW));
});

test("a closure that ends by itself changes the key when its time has come", () => {
  const ending = circleSnapshot({ closures: [closure({ ends_at: "2025-11-03T06:00:05Z" })] });

  assert.notEqual(reachKey(ending, NOW), reachKey(ending, NOW + 6000));
});

test("only households that are lost count, within their own limit", () => {
  const losses = [
    { kind: "police", limit_s: 300, households: 4 },
    { kind: "police", limit_s: 900, households: 1 },
    { kind: "hospital", limit_s: 300, households: 0 },
  ];

  assert.deepEqual(lossesWithin(losses, 300), [losses[0]]);
  assert.deepEqual(kindsLost(losses), ["police"]);
});

test("roads are drawn by their rank, and the one that was picked stands out", () => {
  const road = (/** @type {number} */ id) =>
    /** @type {any} */ ({ road_id: id, coordinates: [[0, 0], [0, 1]], losses: [] });

  const { features } = criticalFeatures([road(7), road(3)], 3);

  assert.deepEqual(
    features.map(({ properties }) => [properties?.["id"], properties?.["rank"], properties?.["chosen"]]),
    [
      [7, 1, false],
      [3, 2, true],
    ],
  );
});
