import assert from "node:assert/strict";
import { test } from "node:test";

import { matcher } from "../js/lib/building-search.js";

const BUILDINGS = [
  ...Array.from({ length: 25 }, (_, i) => ({ name: `脑科巷${i + 1}栋`, name_en: `Naoke Alley Block ${i + 1}` })),
  { name: "五一大道5号", name_en: "5 Wuyi Avenue" },
  { name: "省示例医院门诊楼", name_en: "Provincial Demonstration Hospital, Outpatients" },
  { name: "甲座", name_en: "Tower A" },
];

const found = (/** @type {string} */ typed) => BUILDINGS.filter(matcher(typed)).map(({ name }) => name);

for (const typed of [
  "脑科巷5栋", "脑科巷５栋", "脑科巷 5栋", "脑科巷 5 栋", "脑科巷五栋", "脑科巷5号楼", "脑科巷五号楼", "脑科巷05幢", "脑科巷5棟",
  "Naoke Alley, Block 5", "naoke alley block5", "Block 5 Naoke", "NAOKE ALLEY BLK. 5 ", "脑科巷，5栋", "脑科巷5栋2单元301", "脑科巷5栋二单元",
]) {
  test(`${typed} is one block`, () => assert.deepEqual(found(typed), ["脑科巷5栋"]));
}

test("a block by its number alone is every block of that number, and not the fifteenth", () => {
  for (const typed of ["5栋", "５栋", "5 栋", "五栋", "5号楼", "5号"]) assert.deepEqual(found(typed), ["脑科巷5栋", "五一大道5号"], typed);
});

test("a numeral alone is a number, whole or still being typed, or part of a name", () => {
  assert.deepEqual(found("五"), ["脑科巷5栋", "五一大道5号"]);
  assert.deepEqual(found("二十"), ["脑科巷20栋"]);
});

test("a number that is still being typed finds what begins with it", () => {
  assert.deepEqual(found("脑科巷2"), ["脑科巷2栋", ...[20, 21, 22, 23, 24, 25].map((n) => `脑科巷${n}栋`)]);
});

test("numerals of two digits", () => {
  for (const [typed, n] of Object.entries({ "脑科巷十栋": 10, "脑科巷十五栋": 15, "脑科巷二十栋": 20, "脑科巷二十三栋": 23 })) {
    assert.deepEqual(found(typed), [`脑科巷${n}栋`]);
  }
});

test("a numeral that belongs to a street's name is no number", () => {
  assert.deepEqual(found("五一"), ["五一大道5号"]);
  assert.deepEqual(found("五一大道"), ["五一大道5号"]);
});

test("parts of names in either language, and nothing typed is everything", () => {
  assert.deepEqual(found("门诊"), ["省示例医院门诊楼"]);
  assert.deepEqual(found("hospital outp"), ["省示例医院门诊楼"]);
  assert.deepEqual(found("甲栋"), ["甲座"]);
  assert.equal(found("  ，").length, BUILDINGS.length);
  assert.deepEqual(found("不存在"), []);
});
