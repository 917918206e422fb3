// A lane is drawn for whom its template says, until a person says otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";

for (const [name, value] of Object.entries({ document: Object.assign(new EventTarget(), { documentElement: { lang: "" } }), localStorage: { getItem: () => null, setItem: () => {} } })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { drawClosure } = await import("../js/actions/drills/place-on-map.js");
const { model } = await import("../js/state/model.js");

/** @param {object} inject */
function drawnWidth(inject) {
  const plan = { injects: [{ number: 1, kind: "closure", ...inject }] };
  const drillPlan = /** @type {any} */ ({ ...model.value.loaded.drillPlan, value: { id: "d1", plan } });
  model.set({ loaded: { ...model.value.loaded, drillPlan } });
  drawClosure("d1", 1);
  return model.value.draft.widerThanM;
}

test("what the template leaves free is what is drawn", () => {
  const geometry = { type: "LineString", coordinates: [[112.98, 28.15], [112.99, 28.16]] };

  assert.equal(drawnWidth({ closure: null, wider_than_m: 1.5 }), 1.5);
  assert.equal(drawnWidth({ closure: null, wider_than_m: null }), null);
  assert.equal(drawnWidth({ closure: { geometry, wider_than_m: null }, wider_than_m: 1.5 }), null);
  assert.equal(drawnWidth({ closure: { geometry, wider_than_m: 2.2 }, wider_than_m: 1.5 }), 2.2);
});
