// The figures behind the times: what was typed over them, what may be, and what is sent.

import assert from "node:assert/strict";
import { test } from "node:test";
import { edited, groupsOf, summarize, fieldState, parseNumber } from "../js/state/figures.js";

const table = () => ({
  profiles: {
    car: {
      speeds_kph: { alley: 10, default: 6, primary: 45 },
      surface_kph: { soft: 10, rough: 30, impassable: 0 },
      clear_width_m: 2,
      clear_height_m: 1.9,
      weight_t: 2,
      peaks: [{ days: [0, 1], from_hour: 7, to_hour: 9, factor: 1.4 }],
      sources: { speeds_kph: "speed" },
    },
  },
  roads: { alley: { width_m: 2.5 } },
  parked: { left: { width_m: 2 }, parallel: { width_m: 2 } },
  barriers: { gate: { motor: 20, foot: 5 } },
  sources: { speed: { text: "usual", standing: "C" } },
});
const shown = (/** @type {object} */ more = {}) =>
  /** @type {import("../js/types/reach.js").ShownProfiles} */ ({
    is_custom: false,
    set_at: null,
    set_by_name: null,
    table: table(),
    defaults: table(),
    ranges: { clear_width_m: { min: 0.2, max: 10 }, speeds_kph: { min: 0.2, max: 150 }, peaks: { min: 1, max: 10 } },
    working_days: { 2026: "国务院办公厅" },
    version: "defaultValue",
    ...more,
  });
const WIDTH = "profiles.car.clear_width_m";
const figure = (/** @type {string} */ path) => {
  const found = groupsOf(shown()).flatMap((group) => group.sections.flatMap(({ figures }) => figures)).find((each) => each.path === path);
  assert.ok(found, path);
  return found;
};

test("every number of the table has a row, and roads come from the widest to the narrowest", () => {
  const groups = groupsOf(shown());
  const paths = groups.flatMap((group) => group.sections.flatMap(({ figures }) => figures.map(({ path }) => path)));

  assert.deepEqual(groups.map(({ id }) => id), ["car", "roads", "barriers"]);
  assert.deepEqual(paths, [
    WIDTH,
    "profiles.car.clear_height_m",
    "profiles.car.weight_t",
    "profiles.car.speeds_kph.primary",
    "profiles.car.speeds_kph.alley",
    "profiles.car.speeds_kph.default",
    "profiles.car.surface_kph.rough",
    "profiles.car.surface_kph.soft",
    "profiles.car.surface_kph.impassable",
    "profiles.car.peaks.0.factor",
    "roads.alley.width_m",
    "parked.parallel.width_m",
    "parked.left.width_m",
    "barriers.gate.foot",
    "barriers.gate.motor",
  ]);
});

test("numbers are read as people type them, and nothing else is taken for one", () => {
  assert.deepEqual(["3.5", " 3,5 ", "３．５"].map(parseNumber), [3.5, 3.5, 3.5]);
  assert.deepEqual(["", " ", "3.5 m", "1e", "--"].map(parseNumber), [NaN, NaN, NaN, NaN, NaN]);
});

test("the ends of a range may be, and what is beyond or no number may not", () => {
  const wrong = (/** @type {string} */ text) => fieldState(figure(WIDTH), { [WIDTH]: text }).wrong;

  assert.deepEqual(["0.2", "10", "2"].map(wrong), [false, false, false]);
  assert.deepEqual(["0.19", "10.01", "", "wide", "Infinity", "-2"].map(wrong), [true, true, true, true, true, true]);
});

test("what was typed counts as unsaved only where it differs, and as the circle's own only where it is no default", () => {
  const groups = groupsOf(shown());
  const { unsaved, own, wrong } = summarize(groups, { [WIDTH]: "2.0", "roads.alley.width_m": "2.2" });

  assert.deepEqual(unsaved.map((each) => each.figure.path), ["roads.alley.width_m"]);
  assert.deepEqual(own.map((each) => each.figure.path), ["roads.alley.width_m"]);
  assert.equal(wrong, null);
});

test("what is sent is the whole table with the edits, and nothing when that is what is defaultValue", () => {
  const own = table();
  own.profiles.car.clear_width_m = 3;
  own.barriers.gate.foot = 9;
  const mine = shown({ is_custom: true, table: own });

  const sent = edited(mine, { [WIDTH]: "2.4", "profiles.car.peaks.0.factor": "2" });

  assert.equal(sent?.profiles["car"]?.clear_width_m, 2.4);
  assert.equal(sent?.profiles["car"]?.peaks?.[0]?.factor, 2);
  assert.equal(sent?.barriers["gate"]?.["foot"], 9);
  assert.equal(mine.table.profiles["car"]?.clear_width_m, 3);
  assert.equal(edited(mine, { [WIDTH]: "2", "barriers.gate.foot": "5" }), null);
});

test("edits of figures that somebody has taken out meanwhile are left out", () => {
  assert.equal(edited(shown(), { "roads.track.width_m": "2", "profiles.tank.weight_t": "9" }), null);
});
