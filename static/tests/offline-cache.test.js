import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { circleSnapshot, VIEWER } from "./examples.js";

/** @type {Map<string, string>} */
let kept = new Map();
Object.assign(globalThis, { localStorage: { getItem: (/** @type {string} */ key) => kept.get(key) ?? null, setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value), removeItem: (/** @type {string} */ key) => kept.delete(key) } });

const { cacheCircle, cachedCircle } = await import("../js/state/offline-cache.js");

const GATE = { id: "g-1", kind: "", name: "北门", name_en: "", lon: 113, lat: 28, note: "", holders: [{ name: "门卫", phone: "000-1", hours: "" }] };
const live = (/** @type {string} */ role) => /** @type {any} */ ({ snapshot: circleSnapshot({}), viewer: { ...VIEWER, role } });

beforeEach(() => (kept = new Map()));

test("gates are kept with whom to call for the key, and stay while new ones have not come", () => {
  cacheCircle("c-1", live("responder"), 1, [GATE]);
  cacheCircle("c-1", live("responder"), 2, null);

  assert.equal(cachedCircle("c-1")?.gates?.[0]?.holders[0]?.phone, "000-1");
});

test("no telephone of a key holder stays with a person who may not have it any more", () => {
  cacheCircle("c-1", live("responder"), 1, [GATE]);
  cacheCircle("c-1", live("observer"), 2, null);

  assert.ok(!JSON.stringify([...kept.values()]).includes("000-1"));
  assert.equal(cachedCircle("c-1")?.gates?.[0]?.name, "北门");
});

test("what a page kept before there were drills has none, and takes the first that is started", () => {
  const before = /** @type {any} */ ({ ...circleSnapshot({}) });
  delete before.drills;
  cacheCircle("c-1", /** @type {any} */ ({ snapshot: before, viewer: VIEWER }), 1, null);

  assert.deepEqual(cachedCircle("c-1")?.live.snapshot?.drills, []);
});
