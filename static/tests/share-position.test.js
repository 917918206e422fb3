// A position is shared on the way to an alert until it is over, or until the person forbids it.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

/** @type {{ came: Function, failed: Function, cleared: boolean } | null} */
let watch = null;
const geolocation = {
  watchPosition: (/** @type {Function} */ came, /** @type {Function} */ failed) => {
    watch = { came, failed, cleared: false };
    return 1;
  },
  clearWatch: () => {
    if (watch) watch.cleared = true;
  },
};
const page = { document: Object.assign(new EventTarget(), { documentElement: { lang: "" } }), localStorage: { getItem: () => null, setItem: () => {} }, navigator: { geolocation } };
for (const [name, value] of Object.entries(page)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { sharePosition } = await import("../js/actions/incident/share-position.js");
const { liveClient } = await import("../js/live/client-holder.js");
const { model } = await import("../js/state/model.js");

/** @type {any[]} */
let reported = [];
liveClient.current = /** @type {any} */ ({ reportPosition: (/** @type {any} */ position) => reported.push(position) });
const incident = { id: "i1", ended_at: null, raised_at: "2026-01-01T00:00:00Z", severity: "red" };
const snapshot = { incidents: [{ incident, response_circle: { members: [] }, responses: [], deliveries: [], alerts: [] }] };
const open = /** @type {any} */ ({ ...model.value.live, viewer: { role: "responder", unit_ids: ["u1", "u2"] }, snapshot });
const fails = (/** @type {number} */ code) => watch?.failed({ code, PERMISSION_DENIED: 1 });

beforeEach(() => {
  reported = [];
  model.set({ live: open });
});

test("a stairwell without satellites does not end it", () => {
  sharePosition("u1");

  fails(2);
  watch?.came({ coords: { longitude: 112.98, latitude: 28.15, accuracy: 9 } });

  assert.equal(watch?.cleared, false);
  assert.deepEqual(reported.map(({ unit_id, lon }) => [unit_id, lon]), [["u1", 112.98]]);
});

test("a person who forbids it ends it", () => {
  sharePosition("u2");

  fails(1);

  assert.equal(watch?.cleared, true);
});
