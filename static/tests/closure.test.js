// A closure is there as soon as the server has set it, and gone as soon as it has lifted it: no event has come yet.

import assert from "node:assert/strict";
import { test } from "node:test";
import { picture, VIEWER } from "./examples.js";

const CLOSURE = { id: "c1", name: "围挡", starts_at: null, ends_at: null };
const browser = {
  location: { pathname: "/" },
  localStorage: { getItem: () => null, setItem: () => {} },
  fetch: async (/** @type {string} */ _, /** @type {{ method: string }} */ { method }) =>
    new Response(JSON.stringify(CLOSURE), { status: method === "POST" ? 201 : 200, headers: { "Content-Type": "application/json" } }),
};
for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { liftClosure, setClosure } = await import("../js/actions/map/closure.js");
const { model } = await import("../js/state/model.js");

test("a closure is known before its event, and so is that it was lifted", async () => {
  model.set({ circleId: "c", live: /** @type {any} */ ({ viewer: VIEWER, picture: picture() }) });

  await setClosure();
  assert.deepEqual(model.value.view, { name: "closure", id: "c1" });
  assert.deepEqual(model.value.live.picture?.closures, [CLOSURE]);

  await liftClosure("c1");
  assert.deepEqual(model.value.live.picture?.closures, []);
});
