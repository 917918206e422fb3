import assert from "node:assert/strict";
import { test } from "node:test";

import { listed, stopwatch } from "../js/lib/format.js";

test("names stand apart from each other in Chinese as well", () => {
  assert.equal(listed(["文静", "周岚", "唐警官"]), "文静、周岚、唐警官");
  assert.equal(listed(["文静"]), "文静");
});

test("a clock shows whole seconds that have passed; milliseconds decide", () => {
  assert.deepEqual([5, 59.999, 59.9999999, 100.3 - 40.3, 750.4, 3723, -1].map(stopwatch), ["0:05", "0:59", "1:00", "1:00", "12:30", "1:02:03", "0:00"]);
});
