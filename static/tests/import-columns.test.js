import assert from "node:assert/strict";
import { test } from "node:test";

import { allAre, columnOf, fieldOf, means, readAs } from "../js/ui/imports/import-columns.js";

const TABLE = { fields: ["kind", "name", "out_of_service", "partner_kind"], columns: ["Name", "自编号", "是否停用", "partner_ki"] };
const NONE = Object.freeze({ fixed: {}, columns: {}, values: {}, identity: null });

test("a column that is called as a field, or as the ten letters it begins with, is read as it", () => {
  assert.equal(fieldOf(TABLE, NONE, "Name"), "name");
  assert.equal(fieldOf(TABLE, NONE, "partner_ki"), "partner_kind");
  assert.equal(fieldOf(TABLE, NONE, "自编号"), "");
  assert.equal(columnOf(TABLE, NONE, "name"), "Name");
  assert.equal(columnOf(TABLE, NONE, "kind"), undefined);
});

test("another column takes a field over, and what was the same for all rows is read from it", () => {
  const mapping = readAs(TABLE, allAre(NONE, "name", "栓"), "自编号", "name");
  assert.deepEqual(mapping, { ...NONE, columns: { name: "自编号" } });
  assert.equal(fieldOf(TABLE, mapping, "Name"), "");
  assert.equal(fieldOf(TABLE, mapping, "自编号"), "name");
});

test("a column that is not read stays so although it is called as a field; its meanings go", () => {
  const mapping = readAs(TABLE, means(NONE, "name", "a", "b"), "Name", "");
  assert.deepEqual(mapping, { ...NONE, columns: { name: "" } });
  assert.equal(columnOf(TABLE, mapping, "name"), undefined);
  assert.deepEqual(readAs(TABLE, mapping, "Name", "name").columns, { name: "Name" });
});

test("what all rows are, and what a value means, can be taken back", () => {
  assert.deepEqual(allAre(allAre(NONE, "kind", "hydrant"), "kind", ""), NONE);
  const said = means(NONE, "out_of_service", "停用", "yes");
  assert.deepEqual(said.values, { out_of_service: { 停用: "yes" } });
  assert.deepEqual(means(said, "out_of_service", "停用", "").values, { out_of_service: {} });
});
