import assert from "node:assert/strict";
import { test } from "node:test";

import { model } from "../js/state/model.js";

test("a listener is woken by what it rests on, and by nothing else", () => {
  const woken = [];
  const stop = [model.listen(() => woken.push("view"), ["view", "live"]), model.listen(() => woken.push("all"))];

  model.set({ sheet: "full" });
  model.set({ view: { name: "choose_place" }, sheet: "half" });
  model.set({ sheet: "half", view: model.value.view });
  stop.forEach((each) => each());
  model.set({ view: { name: "overview" } });

  assert.deepEqual(woken, ["all", "view", "all"]);
});
