// What a phone shows of a roll-call while its taps are on their way.

import assert from "node:assert/strict";
import { test } from "node:test";

import { byFloor, doorsTyped, settled, shownDoors, toCarry, totalsOf } from "../js/state/registers/roll-call.js";

const door = (label, more = {}) => ({ building_id: "b", label, floor: 1, expected: 2, state: "unmarked", people: 0, note: "", at: null, ...more });
const mark = (label, state, at, more = {}) => ({ id: `${label} ${at}`, building_id: "b", label, state, people: 1, note: "", at, refused: null, ...more });
const rollCall = (...doors) => ({ started_at: "2026-01-01T12:00:00Z", buildings: [], doors });

test("a tap shows at once, and says that it waits", () => {
  const [first, second] = shownDoors(rollCall(door("101"), door("102")), [mark("101", "out", "2026-01-01T12:05:00Z")]);
  assert.deepEqual([first.state, first.waits], ["out", true]);
  assert.deepEqual([second.state, second.waits], ["unmarked", false]);
});

test("a tap from before what another person said does not hide that", () => {
  const known = door("101", { state: "refused", people: 1, at: "2026-01-01T12:06:00Z" });
  const [shown] = shownDoors(rollCall(known), [mark("101", "out", "2026-01-01T12:05:00Z")]);
  assert.deepEqual([shown.state, shown.waits], ["refused", true]);
});

test("who has to be carried stays on the screen until they are out", () => {
  const known = door("101", { state: "needs_carrying", people: 1, at: "2026-01-01T12:01:00Z" });
  const after = (state) => shownDoors(rollCall(known), [mark("101", state, "2026-01-01T12:05:00Z")])[0].state;
  assert.equal(after("not_found"), "needs_carrying");
  assert.equal(after("out"), "out");
  // A slip of one's own that the server does not have yet is put right.
  const slip = [mark("102", "needs_carrying", "2026-01-01T12:05:00Z"), mark("102", "refused", "2026-01-01T12:05:02Z")];
  assert.equal(shownDoors(rollCall(door("102")), slip)[0].state, "refused");
});

test("a door that no one has listed is there once someone taps it", () => {
  assert.deepEqual(shownDoors(rollCall(), [mark("901", "out", "2026-01-01T12:05:00Z")]).map(({ label }) => label), ["901"]);
});

test("totals count people who are out, and those missing among them", () => {
  const totals = totalsOf([door("101", { state: "out", people: 1 }), door("102", { state: "out", people: 4, expected: null }), door("103", { state: "not_found", people: 2 }), door("104")]);
  assert.deepEqual([totals.expected, totals.out, totals.missing, totals.not_found, totals.unmarked_doors], [6, 5, 1, 2, 1]);
});

test("doors are found by what is typed, on whichever keyboard", () => {
  const doors = shownDoors(rollCall(door("301", { floor: 3 }), door("101"), door("3-102")), []);
  assert.deepEqual(byFloor(doors, { typed: "３０", onlyUnmarked: false }).map(({ floor }) => floor), [3]);
  assert.deepEqual(byFloor(doors, { typed: "", onlyUnmarked: false }).map(({ floor }) => floor), [1, 3]);
  assert.deepEqual(doorsTyped("101，102=4;ａ座3 "), [
    { label: "101", expected: null },
    { label: "102", expected: 4 },
    { label: "A座3", expected: null },
  ]);
});

test("the highest floor comes first among those to be carried", () => {
  const carried = (label, floor) => door(label, { floor, state: "needs_carrying", people: 1, at: "2026-01-01T12:01:00Z", waits: false });
  assert.deepEqual(toCarry([carried("101", 1), carried("601", 6), carried("门卫", null)]).map(({ label }) => label), ["601", "101", "门卫"]);
});

test("what the server has taken goes, what it refuses stays with the reason", () => {
  const items = [mark("101", "out", "a"), mark("102", "out", "a"), mark("103", "out", "a")];
  const left = settled(items, { taken: ["101 a"], refused: [{ id: "102 a", reason: "full" }] });
  assert.deepEqual(left.map(({ label, refused }) => [label, refused]), [["102", "full"], ["103", null]]);
  assert.equal(left[1], items[2]);
});
