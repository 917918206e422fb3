// Back leads to where a person came from, also by way of what lies below.

import assert from "node:assert/strict";
import { test } from "node:test";

for (const [name, value] of Object.entries({ document: Object.assign(new EventTarget(), { documentElement: { lang: "" } }), localStorage: { getItem: () => null, setItem: () => {} } })) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { goBack, showDrill, showDrillRun, showIncident, showObserve, showOverview, showProgramme, showRehearsal } = await import("../js/actions/map/navigation.js");
const { model } = await import("../js/state/model.js");

const at = () => /** @type {any} */ (model.value.view);
const back = () => {
  goBack(showOverview);
  return at().name;
};

test("from observing to the incident, or to the console", () => {
  showIncident("i1");
  showObserve("d1");
  assert.equal(back(), "incident");
  assert.equal(at().id, "i1");
  showDrillRun("d1");
  showObserve("d1");
  assert.equal(back(), "drill_run");
  assert.equal(back(), "incident");
});

test("from a plan to the programme, also after a rehearsal and the console", () => {
  showProgramme({ year: 2026 });
  showDrill("d2");
  showRehearsal("d2");
  showDrill("d2");
  showDrillRun("d2");
  showDrill("d2");
  assert.equal(back(), "programme");
  assert.equal(at().year, 2026);
});

test("no command hangs in what is shown again", () => {
  showDrillRun("d3");
  model.set({ view: { ...at(), sending: "pause" } });
  showObserve("d3");
  back();
  assert.equal(at().sending, null);
});

test("where nothing is known, to where it is told", () => {
  model.set({ view: { name: "drill_observe", id: "reloaded" } });
  assert.equal(back(), "overview");
});
