import assert from "node:assert/strict";
import { test } from "node:test";

import { listed } from "../js/lib/format.js";

test("names stand apart from each other in Chinese as well", () => {
  assert.equal(listed(["文静", "周岚", "唐警官"]), "文静、周岚、唐警官");
  assert.equal(listed(["文静"]), "文静");
});
