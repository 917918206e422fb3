// The replay of a drill finds any moment as the page had it then.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { Player, countUntil } from "../js/replay/player.js";
import { clockS, mmss, story } from "../js/replay/story.js";

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
  assert.equal(mmss(3725.9), "62:05");
});

test("each thing is told once, at its moment", () => {
  const run = { drill_id: "d", incident_id: "i", started_at: new Date(0).toISOString(), ended_at: null, pauses: [], injects: [] };
  const changed = (/** @type {number} */ at, /** @type {string} */ state, injects = /** @type {any[]} */ ([])) => ({ at: new Date(at).toISOString(), event: { kind: "drill_run_changed", run: { ...run, state, injects } } });
  const given = [{ number: 1, state: "given" }];
  const answered = { at: new Date(3000).toISOString(), event: { kind: "deliveries_updated", incident_id: "i", deliveries: [{ recipient_id: "r", recipient_name: "甲", state: "on_scene" }, { recipient_id: "r", recipient_name: "甲", state: "seen" }] } };
  const told = story(
    {
      events: [changed(1000, "running", [{ number: 1, state: "planned" }]), changed(2000, "running", given), answered, answered, changed(4000, "ended", given)],
      drill: { plan: { injects: [{ number: 1, text: "烟" }] } },
      run,
      observations: [{ id: "o", at: new Date(2500).toISOString(), verdict: "good", text: "快", by_name: "乙" }],
    },
    (key) => key,
  );
  assert.deepEqual(told.map(({ at_ms, text }) => [at_ms, text]), [
    [0, "started"],
    [2000, "1 given：烟"],
    [2500, "good：快 乙"],
    [3000, "甲 on_scene"],
    [4000, "ended"],
  ]);
});
