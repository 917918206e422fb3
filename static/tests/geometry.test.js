import assert from "node:assert/strict";
import { test } from "node:test";

import { boundsOf, distanceM, middleOf, nearestOnLine, nearestThing, thingsAlong } from "../js/lib/geometry.js";
import { wayAlong } from "../js/lib/way-along.js";
import { extended } from "../js/map/snapping.js";

// Found another way: great-circle distance on a sphere of 6,371,008.8 m.
function greatCircleM([lon1, lat1], [lon2, lat2]) {
  const [f1, f2, l] = [lat1, lat2, lon2 - lon1].map((degrees) => (degrees * Math.PI) / 180);
  return 6_371_008.8 * Math.acos(Math.sin(f1) * Math.sin(f2) + Math.cos(f1) * Math.cos(f2) * Math.cos(l));
}

const BEND = [
  [112.98, 28.158],
  [112.982, 28.158],
  [112.982, 28.16],
];

test("distances in a quarter agree with the great circle to half a percent", () => {
  const [a, b] = [
    [112.985, 28.158],
    [112.991, 28.163],
  ];

  assert.ok(Math.abs(distanceM(a, b) / greatCircleM(a, b) - 1) < 0.005);
});

test("the nearest point of a line is the foot of the perpendicular, or an end", () => {
  const { point, segment } = nearestOnLine([112.981, 28.1585], BEND);
  assert.deepEqual(point.map((x) => x.toFixed(6)), ["112.981000", "28.158000"]);
  assert.equal(segment, 0);

  assert.deepEqual(nearestOnLine([112.97, 28.15], BEND).point, BEND[0]);
});

test("the middle and bounds hold for any geometry", () => {
  assert.deepEqual(middleOf({ type: "Point", coordinates: [1, 2] }), [1, 2]);
  assert.deepEqual(middleOf({ type: "Polygon", coordinates: [[[0, 0], [4, 0], [4, 2], [0, 0]]] }), [2, 1]);
  assert.equal(boundsOf([]), null);
});

test("the nearest thing is found among those there are", () => {
  const things = [
    { id: "far", lon: 113, lat: 28.158 },
    { id: "near", lon: 112.986, lat: 28.158 },
  ];

  assert.equal(nearestThing(things, [112.985, 28.158])?.thing.id, "near");
  assert.equal(nearestThing([], [112.985, 28.158]), null);
});

test("taps stick to the lane, and two on one lane follow it round the bend, either way", () => {
  const first = extended([], [112.981, 28.15805], [BEND]) ?? [];
  const both = extended(first, [112.98203, 28.159], [BEND]) ?? [];
  const back = extended([/** @type {any} */ (both.at(-1))], [112.981, 28.15805], [BEND]) ?? [];

  assert.equal(both.length, 3);
  assert.deepEqual(both[1], BEND[1]);
  assert.deepEqual(back[1], BEND[1]);
  assert.ok(nearestOnLine(/** @type {any} */ (both.at(-1)), BEND).distanceM < 0.01);
});

test("the way goes on from lane to lane where they meet, by the shorter side", () => {
  const lanes = [
    [[0, 0], [0.001, 0]],
    [[0.001, 0.000001], [0.001, 0.001]],
    [[0, 0], [0, 0.004], [0.001, 0.004], [0.001, 0.001]],
  ];

  const way = wayAlong(lanes, [0.0005, 0], [0.001, 0.0005]).map((point) => point.map((x) => x.toFixed(5)).join());

  assert.deepEqual(way, ["0.00050,0.00000", "0.00100,0.00000", "0.00100,0.00050"]);
});

test("pieces of one lane that overlap at the edge of a tile are one lane", () => {
  const [left, right] = [
    [[0, 0], [0.0005, 0.0003], [0.0011, 0.0003]],
    [[0.0009, 0.0003], [0.0015, 0.0003], [0.002, 0]],
  ];

  const way = wayAlong([left, right], [0, 0], [0.002, 0]);

  assert.deepEqual([way[0], way[1], way.at(-2), way.at(-1)], [[0, 0], [0.0005, 0.0003], [0.0015, 0.0003], [0.002, 0]]);
});

test("where no lane joins two points, or only a long way round, the line is straight", () => {
  const [a, b] = [[0, 0], [0.001, 0]];

  assert.deepEqual(wayAlong([[a, [0, 0.001]], [b, [0.001, -0.001]]], a, b), [a, b]);
  assert.deepEqual(wayAlong([[a, [0, 0.01], [0.001, 0.01], b]], a, b), [a, b]);
});

test("a tap where there is no lane is refused", () => {
  assert.equal(extended([], [112.99, 28.17], [BEND]), null);
  assert.equal(extended([], [112.99, 28.17], []), null);
});

test("things beside a line come in its order, with the metres along it", () => {
  const metre = 1 / 111_320;
  /** @type {(eastM: number, northM: number) => [number, number]} */
  const at = (eastM, northM) => [eastM * metre, northM * metre];
  /** @type {(name: string, eastM: number, northM: number) => { name: string, lon: number, lat: number }} */
  const thing = (name, eastM, northM) => ({ name, lon: eastM * metre, lat: northM * metre });
  // 100 m to the east, then 100 m to the north: the last is nearer to the start than the second, as the crow flies.
  const line = [at(0, 0), at(100, 0), at(100, 0), at(100, 100)];
  const things = [thing("last", 92.5, 90), thing("second", 107.5, 10), thing("first", 40, -3), thing("far", 40, 8.5), thing("behind", -8.5, 0)];

  const found = thingsAlong(things, line, 8).map((each) => [each.thing.name, Math.round(each.alongM)]);

  assert.deepEqual(found, [["first", 40], ["second", 110], ["last", 190]]);
  assert.deepEqual(thingsAlong(things, [], 8), []);
});
