// The replay of a drill finds any moment as the page had it then.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Player, countUntil } from "../js/replay/player.js";
import { boxAround, fitted, held, panned, spread, toWindow, zoomed } from "../js/replay/camera.js";
import { stopwatch } from "../js/lib/clock.js";
import { clockS, story, whoIn } from "../js/replay/story.js";

const GOLDEN = new URL("../../tests/golden/", import.meta.url);

for (const name of readdirSync(GOLDEN)) {
  test(`the player comes to what the page comes to: ${name}`, () => {
    const { before, messages, after } = JSON.parse(readFileSync(new URL(name, GOLDEN), "utf8"));
    // Each again and again, so that kept snapshots are used; what was seen changes nothing.
    const events = messages.filter((/** @type {any} */ each) => each.type === "event");
    const many = [...events, ...Array.from({ length: 200 }, () => events[0])].map((each, index) => ({ ...each, at: new Date(index * 1000).toISOString() }));
    const player = new Player({ base: { ...before, positions: [] }, events: many, track: [] });
    assert.deepEqual(player.at(1e9), { ...after, positions: [] });
    assert.deepEqual(player.at(-1), { ...before, positions: [] });
  });
}

test("events take effect in their order, also one that is dated before the one that came first", () => {
  const { before } = JSON.parse(readFileSync(new URL("closure_created.json", GOLDEN), "utf8"));
  const dated = (/** @type {number} */ seconds, /** @type {number} */ number) => ({ at: new Date(1000 * seconds).toISOString(), seq: before.seq + number, id: `e${number}`, reach_version: 0, event: /** @type {any} */ ({ kind: "profiles_changed" }) });
  const player = new Player({ base: { ...before, positions: [] }, events: [dated(5, 1), dated(3, 2), dated(8, 3)], track: [] });
  assert.deepEqual([4, 5, 7, 8].map((seconds) => player.at(1000 * seconds).seq - before.seq), [0, 2, 2, 3]);
});

test("positions are those that were known by then, and never older ones", () => {
  const { before } = JSON.parse(readFileSync(new URL("closure_created.json", GOLDEN), "utf8"));
  const [unit] = before.units;
  const point = (/** @type {number} */ at, /** @type {number} */ stored, /** @type {number} */ lon) => ({ unit_id: unit.id, at: new Date(at).toISOString(), stored_at: new Date(stored).toISOString(), lon, lat: 28, accuracy_m: 5 });
  const player = new Player({ base: { ...before, positions: [] }, events: [], track: [point(1000, 2000, 1), point(500, 3000, 2), point(4000, 4000, 3)] });
  const lons = [1999, 2000, 3500, 4000].map((moment) => player.at(moment).positions.map(({ lon }) => lon));
  assert.deepEqual(lons, [[], [1], [1], [3]]);
});

test("a moment is found between the others", () => {
  assert.deepEqual([0, 1, 2, 9].map((moment) => countUntil([1, 1, 3], moment)), [0, 2, 2, 3]);
});

test("the clock stands still in pauses and at the end", () => {
  const run = { started_at: new Date(0).toISOString(), ended_at: new Date(100_000).toISOString(), pauses: [{ begins_at: new Date(10_000).toISOString(), ends_at: new Date(40_000).toISOString() }], injects: [] };
  assert.deepEqual([5, 20, 50, 500].map((seconds) => clockS(run, 1000 * seconds)), [5, 10, 20, 70]);
  assert.equal(stopwatch(3725.9), "1:02:05");
});

const said = (/** @type {string} */ key, /** @type {Record<string, string | number>} */ values = {}) => [key, ...Object.values(values)].join(" ");
const label = (/** @type {{ name: string }} */ { name }) => name;

test("each thing is told once, at its moment", () => {
  const run = { drill_id: "d", incident_id: "i", started_at: new Date(0).toISOString(), ended_at: null, pauses: [], injects: [], facts: [] };
  const changed = (/** @type {number} */ at, /** @type {string} */ state, /** @type {any[]} */ injects = [], /** @type {any[]} */ facts = []) => ({ at: new Date(at).toISOString(), event: { kind: "drill_run_changed", run: { ...run, state, injects, facts } } });
  const given = [{ number: 1, state: "given" }];
  const counted = (/** @type {number} */ people) => ({ kind: "counted", people, inject: null });
  const observed = { kind: "observed", people: 0, inject: null };
  const clear = { kind: "lane_clear", people: 0, inject: 1 };
  const answered = { at: new Date(3000).toISOString(), event: { kind: "deliveries_updated", incident_id: "i", deliveries: [{ recipient_id: "r", recipient_name: "甲", state: "on_scene" }, { recipient_id: "r", recipient_name: "甲", state: "seen" }] } };
  const recording = {
    events: [changed(1000, "running", [{ number: 1, state: "planned" }]), changed(2000, "running", given), answered, answered, changed(4000, "running", given, [counted(12)]), changed(5000, "running", given, [counted(12), clear, observed]), changed(6000, "running", given, [counted(12), clear, observed, counted(-2)]), changed(7000, "ended", given, [counted(12), clear, observed, counted(-2)])],
    drill: { plan: { injects: [{ number: 1, text: "烟" }] } },
    run,
    observations: [{ id: "o", at: new Date(2500).toISOString(), verdict: "good", text: "快", by_name: "乙" }],
  };
  const told = story(recording, { word: said, who: ({ recipient_name }) => recipient_name, names: true });
  assert.deepEqual(told.map(({ at_ms, kind, text }) => [at_ms, kind, text]), [
    [0, "run", "started"],
    [2000, "inject", "said 1 given 烟"],
    [2500, "observation good", "said good 快 乙"],
    [3000, "on_scene", "did 甲 on_scene"],
    [4000, "counted", "counted +12 12"],
    [5000, "lane_clear", "lane_clear 烟"],
    [6000, "counted", "counted −2 10"],
    [7000, "run", "ended"],
  ]);
  const nameless = story(recording, { word: said, who: () => "某人", names: false });
  assert.equal(nameless[2]?.text, "said good 快");
});

test("who was called is told with the unit, and without a name as someone of it", () => {
  const base = { units: [{ id: "u", name: "急救车组" }], partners: [{ id: "p", name: "医院" }] };
  const call = { recipient_name: "甲", unit_id: "u", partner_id: "p" };
  const who = (/** @type {boolean} */ names) => whoIn(base, { word: said, label, names });
  assert.equal(who(false)(call), "someone_of of_unit 急救车组 医院");
  assert.equal(who(true)(call), "named_of 甲 of_unit 急救车组 医院");
  assert.equal(who(false)({ ...call, unit_id: "gone" }), "someone_of 医院");
  assert.deepEqual([who(false), who(true)].map((each) => each({ ...call, unit_id: "gone", partner_id: "gone" })), ["someone", "甲"]);
});

const SIZE = { wide: 1000, high: 500 };
const GROUND = { left: 0, top: 0, right: 4000, bottom: 2000 };

test("everything of interest is in the window, whatever its shape", () => {
  for (const size of [SIZE, { wide: 300, high: 700 }, { wide: 1, high: 1 }]) {
    const points = /** @type {[number, number][]} */ ([[1000, 500], [3000, 700], [2000, 1900]]);
    const camera = fitted(boxAround(points), size);
    for (const point of points) {
      const [x, y] = toWindow(camera, size, point);
      assert.ok(x >= 0 && y >= 0 && x <= size.wide && y <= size.high, `${x} ${y}`);
    }
  }
  assert.ok(fitted(boxAround([[10, 10]]), SIZE).scale <= 4);
});

test("what is under the pointer stays there while the map grows, and the ground follows a finger", () => {
  const camera = { x: 2000, y: 1000, scale: 0.5 };
  const point = /** @type {const} */ ([2300, 900]);
  const [x, y] = toWindow(camera, SIZE, point);
  const nearer = zoomed(camera, 3, [x - SIZE.wide / 2, y - SIZE.high / 2]);
  assert.equal(nearer.scale, 1.5);
  assert.deepEqual(toWindow(nearer, SIZE, point).map(Math.round), [x, y]);
  assert.deepEqual(toWindow(panned(nearer, [30, -20]), SIZE, point).map(Math.round), [x + 30, y - 20]);
});

test("the map goes no further than its ground", () => {
  const whole = fitted(GROUND, SIZE).scale;
  assert.deepEqual(held({ x: -50, y: 9000, scale: whole / 10 }, GROUND, SIZE), { x: 0, y: 2000, scale: whole });
  assert.equal(held({ x: 0, y: 0, scale: 1e6 }, GROUND, SIZE).scale, 8);
});

test("names do not cover each other or other things, and one without room waits for a nearer look", () => {
  const how = { line: 16, beside: 13 };
  const at = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y, wide: 80 });
  assert.deepEqual(spread([at(0, 0), at(300, 0)], how), [0, 0]);
  assert.deepEqual(spread([at(0, 0), at(0, 0), at(0, 0)], how), [0, 16, -16]);
  assert.deepEqual(spread([at(0, 0), at(40, 0)], how), [16, 0]);
  assert.equal(spread(Array.from({ length: 9 }, () => at(0, 0)), how).at(-1), null);
});
