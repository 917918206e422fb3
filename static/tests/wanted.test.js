import assert from "node:assert/strict";
import { test } from "node:test";

import { wantedCapabilities } from "../js/state/called-units.js";
import { CATALOGUE, circleSnapshot, delivery, incident } from "./examples.js";

test("what is wanted is compared with what the people and the units that come have", () => {
  const wanted = [
    { capability: "first_aid", count: 2, counted: "people" },
    { capability: "hose", count: 2, counted: "units" },
    { capability: "gate", count: 1, counted: "people" },
  ];
  const kind = { ...CATALOGUE.kinds[0], code: "fire", wanted };
  const units = [
    { id: "u-1", capabilities: ["first_aid", "hose"] },
    { id: "u-2", capabilities: ["gate"] },
  ];
  const snapshot = { ...circleSnapshot({}), units, catalogue: { ...CATALOGUE, kinds: [kind] } };
  const deliveries = [
    delivery("a-i", "r-1", "accepted", { unit_id: "u-1" }),
    delivery("a-i", "r-2", "on_scene", { unit_id: "u-1" }),
    delivery("a-i", "r-3", "seen", { unit_id: "u-2" }),
    delivery("a-i", "r-4", "withdrawn", { unit_id: "u-2" }),
  ];
  const told = (/** @type {object} */ change) => wantedCapabilities(incident("i", { kind: "fire", deliveries, ...change }), { live: { viewer: null, snapshot } });

  assert.deepEqual(
    told({}).map(({ capability, coming }) => [capability, coming]),
    [
      ["first_aid", 2],
      ["hose", 1],
      ["gate", 0],
    ],
  );
  assert.deepEqual(told({ ended_at: "2026-01-01T12:10:00Z" }), []);
});
