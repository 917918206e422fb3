// Messages of other systems: what the page shows of them, and when it asks again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { proposalFeatures } from "../js/map/features.js";
import { mayDecide, openProposals, placeOf, proposalById, proposalsKey, textOf } from "../js/state/proposals.js";
import { apply } from "../js/state/store.js";

const zh = { language: "zh-CN", headline: "火灾" };
const en = { language: "en", headline: "Fire" };
const proposal = (more = {}) => ({ id: "p", state: "open", lon: 112.9, lat: 28.1, texts: [en, zh], area: null, ...more });
const place = { lon: 1, lat: 2, label: "", building: null, entrance: null, accuracyM: null };
const model = (list, view = { name: "overview" }) => ({ loaded: { proposals: { value: list } }, view });

test("only who may raise alerts or exercises decides", () => {
  const may = (role) => mayDecide({ viewer: { role } });
  assert.deepEqual(["coordinator", "dispatcher", "planner", "responder", "observer"].map(may), [true, true, true, false, false]);
  assert.equal(mayDecide({ viewer: null }), false);
});

test("what is open waits, and each is found by its id", () => {
  const list = [proposal(), proposal({ id: "q", state: "dismissed" })];
  assert.deepEqual(openProposals(model(list)).map(({ id }) => id), ["p"]);
  assert.deepEqual(openProposals(model(null)), []);
  assert.equal(proposalById(model(list), "q")?.state, "dismissed");
  assert.equal(proposalById(model(list), "r"), null);
});

test("the words are those of the page's language, or else the first", () => {
  assert.equal(textOf(proposal())?.headline, "火灾");
  assert.equal(textOf(proposal({ texts: [en] }))?.headline, "Fire");
  assert.equal(textOf(proposal({ texts: [] })), null);
});

test("the place is where the person tapped, else the middle of the area, else nowhere", () => {
  const at = (view, more) => placeOf(model([], view), proposal(more));
  assert.deepEqual(at({ name: "proposal", id: "p", place }), place);
  assert.equal(at({ name: "proposal", id: "p", place: null })?.lon, 112.9);
  assert.equal(at({ name: "proposal", id: "another", place })?.lon, 112.9);
  assert.equal(at({ name: "overview" }, { lon: null, lat: null }), null);
});

test("an event about proposals, or a fresh snapshot, is asked after", () => {
  const snapshot = { epoch: "e", seq: 5, event_id: "5", reach_version: 1, incidents: [] };
  const before = apply({ viewer: null, snapshot: null }, { type: "snapshot", viewer: null, snapshot });
  const event = (seq, kind) => ({ type: "event", seq, id: String(seq), at: "", reach_version: 1, event: { kind } });
  const other = apply(before, event(6, "profiles_changed"));
  const told = apply(other, event(7, "proposals_changed"));
  assert.equal(proposalsKey(other), proposalsKey(before));
  assert.notEqual(proposalsKey(told), proposalsKey(other));
  const fresh = apply(told, { type: "snapshot", viewer: null, snapshot: { ...snapshot, seq: 9 } });
  assert.notEqual(proposalsKey(fresh), proposalsKey(told));
});

test("the map shows the area and the place", () => {
  const area = { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] };
  const drawn = (...what) => proposalFeatures(...what).features.map(({ geometry }) => geometry.type);
  assert.deepEqual(drawn(area, place), ["Polygon", "Point"]);
  assert.deepEqual(drawn(null, null), []);
});
