import assert from "node:assert/strict";
import { test } from "node:test";

import { areaOf, meantBy, ROOMY_PX2 } from "../js/map/hit-testing.js";

const EXTINGUISHER = { kind: "facility", id: "extinguisher", awayPx: 3 };
const SMALL = { id: "block 7", areaPx2: 1750 };
const LARGE = { id: "block 7", areaPx2: ROOMY_PX2 };
const meant = (beneath) => meantBy({ house: null, nearHouses: [], things: [], choosing: false, ...beneath });
const ids = (others) => others.map(({ id }) => id);

test("a symbol that hides most of a house does not take the tap away from it, and is offered", () => {
  const { first, others } = meant({ house: SMALL, things: [EXTINGUISHER] });

  assert.deepEqual(first, { kind: "building", id: "block 7" });
  assert.deepEqual(ids(others), ["extinguisher"]);
});

test("on a house with room around the symbol the symbol is meant, and the house is offered", () => {
  const { first, others } = meant({ house: LARGE, things: [EXTINGUISHER] });

  assert.equal(first.id, "extinguisher");
  assert.deepEqual(others, [{ kind: "building", id: "block 7" }]);
});

test("a symbol beside a house is meant, and the house that the finger reaches is offered", () => {
  const { first, others } = meant({ nearHouses: ["block 7", "block 8"], things: [EXTINGUISHER] });

  assert.equal(first.id, "extinguisher");
  assert.deepEqual(ids(others), ["block 7", "block 8"]);
});

test("a label is not its symbol: beneath it the house is meant", () => {
  const { first, others } = meant({ house: LARGE, things: [{ ...EXTINGUISHER, awayPx: 30 }] });

  assert.equal(first.id, "block 7");
  assert.deepEqual(others, []);
});

test("a closed area over a house does not keep an alert from being raised in it", () => {
  const { first, others } = meant({ house: LARGE, things: [{ kind: "closure", id: "yard", awayPx: 0 }] });

  assert.equal(first.id, "block 7");
  assert.deepEqual(ids(others), ["yard"]);
});

test("whoever chooses where to send help gets the house, or the very spot", () => {
  assert.equal(meant({ house: LARGE, things: [EXTINGUISHER], choosing: true }).first.id, "block 7");
  assert.equal(meant({ things: [EXTINGUISHER], choosing: true }).first, null);
  assert.deepEqual(ids(meant({ nearHouses: ["block 7"], choosing: true }).others), ["block 7"]);
});

test("on open ground the nearest is meant and those beneath it are offered", () => {
  const { first, others } = meant({ things: [EXTINGUISHER, { kind: "unit", id: "crew", awayPx: 9 }, { kind: "unit", id: "far", awayPx: 25 }] });

  assert.equal(first.id, "extinguisher");
  assert.deepEqual(ids(others), ["crew"]);
  assert.equal(meant({}).first, null);
});

test("the area of a rectangle, whichever way round", () => {
  const ring = [{ x: 0, y: 0 }, { x: 23, y: 0 }, { x: 23, y: 76 }, { x: 0, y: 76 }];

  assert.equal(areaOf(ring), 23 * 76);
  assert.equal(areaOf(ring.toReversed()), 23 * 76);
});
