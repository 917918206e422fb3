import assert from "node:assert/strict";
import { test } from "node:test";

import { arrivalsOf, marksOf, nextStep, partnersWithoutAnyone, secondsUntil } from "../js/state/ladder.js";
import { delivery, incident } from "./examples.js";

const at = (/** @type {number} */ seconds) => new Date(Date.parse("2026-01-01T12:00:00Z") + 1000 * seconds).toISOString();
const step = (/** @type {number} */ number, /** @type {string} */ state, /** @type {number} */ due_s) => ({ number, state, due_at: at(due_s), rung: { kind: "call", condition: "always" }, circles: [] });
const ladder = (/** @type {object} */ more) => ({ key: "k", name: "n", name_en: "", enough: 4, marks: [], steps: [], ...more });
const PARTNERS = [
  { id: "p-hospital", kind: "hospital", name: "医院", name_en: "", phone: "" },
  { id: "p-station", kind: "mini_fire_station", name: "站", name_en: "", phone: "" },
  { id: "p-police", kind: "police", name: "所", name_en: "", phone: "" },
];

test("the next step is the planned one that is due first", () => {
  const steps = [step(1, "taken", 0), step(2, "planned", 90), step(3, "planned", 60), step(4, "stopped", 30)];

  const next = nextStep(ladder({ steps }));

  assert.equal(next?.number, 3);
  assert.equal(secondsUntil(/** @type {any} */ (next), Date.parse(at(48))), 12);
  assert.equal(nextStep(ladder({ steps: [step(1, "taken", 0)] })), null);
});

test("a mark is reached when its goal is: own station, two partners, on scene", () => {
  const marks = ["own_station", "neighbours", "on_scene", "joint_action", "fire_service"].map((goal, i) => ({ after_s: 60 * (i + 1), goal }));
  const deliveries = [
    delivery("a-i", "r-1", "on_scene", { times: { en_route: at(100), on_scene: at(150) } }),
    delivery("a-i", "r-2", "en_route", { partner_id: "p-station", unit_id: "u-2", times: { en_route: at(40) } }),
  ];
  const detail = { ...incident("i", { deliveries }), ladder: ladder({ marks }) };

  const reached = marksOf(detail, PARTNERS).map(({ mark, atS }) => [mark.goal, atS]);

  assert.deepEqual(reached, [
    ["own_station", 40],
    ["neighbours", 100],
    ["on_scene", 150],
    ["joint_action", null],
    ["fire_service", null],
  ]);
});

test("a unit is expected from when it left, or else from the alert", () => {
  const member = (/** @type {string} */ unit_id) => ({ unit_id, unit_name: unit_id, unit_name_en: "", partner_id: "p-hospital", response_s: 300, travel_s: 200 });
  const deliveries = [
    delivery("a-i", "r-1", "accepted", { times: { accepted: at(20) } }),
    delivery("a-i", "r-2", "en_route", { unit_id: "u-2", times: { en_route: at(150) } }),
    delivery("a-i", "r-3", "released", { unit_id: "u-3", times: { en_route: at(10), on_scene: at(190) } }),
    delivery("a-i", "r-4", "seen", { unit_id: "u-4" }),
  ];
  const response_circle = { limit_s: 900, computed_at: at(0), members: ["u-1", "u-2", "u-3", "u-4"].map(member), non_members: [] };

  const arrivals = arrivalsOf(incident("i", { deliveries, response_circle }));

  assert.deepEqual(
    arrivals.map(({ member: { unit_id }, dueMs, arrivedMs }) => [unit_id, new Date(dueMs).toISOString(), arrivedMs && new Date(arrivedMs).toISOString()]),
    [
      ["u-3", at(210), at(190)],
      ["u-1", at(300), null],
      ["u-2", at(350), null],
    ],
  );
});

test("of a partner whose people are called and do not come it is said", () => {
  const deliveries = [
    delivery("a-i", "r-1", "declined"),
    delivery("a-i", "r-2", "accepted", { partner_id: "p-station" }),
    delivery("a-i", "r-3", "declined", { partner_id: "p-station" }),
  ];

  const missing = partnersWithoutAnyone(incident("i", { deliveries }), PARTNERS);

  assert.deepEqual(
    missing.map(({ name }) => name),
    ["医院"],
  );
});
