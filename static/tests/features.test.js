import assert from "node:assert/strict";
import { test } from "node:test";

import { routeFeatures, thingFeatures } from "../js/map/features.js";
import { layerOf } from "../js/state/layers.js";
import { drawable } from "../js/state/positions.js";
import { delivery, incident, circleSnapshot } from "./examples.js";

const NOW_MS = Date.parse("2026-01-01T12:00:00Z");
const unit = (id, change = {}) => ({ id, profile: "car", on_duty: true, post: [1, 2], name: id, ...change });
const position = (unit_id, secondsAgo) => ({
  unit_id,
  lon: 3,
  lat: 4,
  accuracy_m: 5,
  at: new Date(NOW_MS - secondsAgo * 1000).toISOString(),
});
const model = (snapshot, view = { name: "overview" }) => ({
  live: { viewer: null, snapshot: circleSnapshot(snapshot) },
  view,
  focusedUnitId: null,
  outbox: [],
  chosenUnits: {},
});
const drawn = (kind, snapshot, view) => thingFeatures(layerOf(kind), model(snapshot, view), NOW_MS).features;

test("a unit stands where it said it was, and at its post when it said nothing", () => {
  const [known, silent] = drawn("unit", { units: [unit("a"), unit("b")], positions: [position("a", 10)] });

  assert.deepEqual(known.geometry.coordinates, [3, 4]);
  assert.deepEqual(silent.geometry.coordinates, [1, 2]);
});

test("an old position is faded, and one from long ago is not drawn at all", () => {
  const positions = [position("a", 10), position("b", 200), position("c", 1801)];

  const [fresh, old, silent] = drawn("unit", { units: [unit("a"), unit("b"), unit("c")], positions });

  assert.deepEqual([fresh.properties.opacity, old.properties.opacity], [1, 0.55]);
  assert.deepEqual(silent.geometry.coordinates, [1, 2]);
  assert.deepEqual(drawable(positions, NOW_MS).map((each) => each.unit_id), ["a", "b"]);
});

test("whoever comes looks different from whoever stands ready or is off duty", () => {
  const units = [unit("u-1"), unit("u-2"), unit("u-3", { on_duty: false })];

  const incidents = [incident("i", { deliveries: [delivery("a-i", "r", "en_route")] })];
  const view = { name: "incident", id: "i" };

  const icons = drawn("unit", { units, incidents }, view).map((each) => each.properties.icon);

  assert.deepEqual(icons, ["disc coming car", "disc ready car", "disc off car"]);
});

test("only closures in force are drawn", () => {
  const closure = (id, change = {}) => ({
    id,
    geometry: { type: "Point", coordinates: [0, 0] },
    starts_at: null,
    ends_at: null,
    lifted_at: null,
    ...change,
  });
  const closures = [
    closure("now"),
    closure("later", { starts_at: "2026-01-01T13:00:00Z" }),
    closure("over", { ends_at: "2026-01-01T12:00:00Z" }),
    closure("lifted", { lifted_at: "2026-01-01T11:00:00Z" }),
  ];

  const ids = drawn("closure", { closures }).map((each) => each.properties.id);

  assert.deepEqual(ids, ["now"]);
});

test("a mended hazard is off the map", () => {
  const hazard = (id, state) => ({ id, state, grade: "major", geometry: { type: "Point", coordinates: [0, 0] } });

  const features = drawn("hazard", { hazards: [hazard("a", "seen"), hazard("b", "closed")] });

  assert.deepEqual(features.map((each) => each.properties.id), ["a"]);
});

test("legs become lines, those walked told from those driven", () => {
  const leg = (mode) => ({ mode, coordinates: [[0, 0], [1, 1]] });
  const members = [{ unit_id: "u-1", legs: [leg("drive"), leg("walk")] }, { unit_id: "u-2", legs: [{ mode: "walk", coordinates: [[0, 0]] }] }];

  const { features } = routeFeatures(members, "u-1");

  assert.deepEqual(features.map((each) => [each.properties.mode, each.properties.focused]), [["drive", true], ["walk", true]]);
});
