// What is loaded as long as something shows it: when it is asked for, and which answer counts.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { ApiError } from "../js/lib/api.js";
import { tick } from "../js/lib/ticks.js";
import { model } from "../js/state/model.js";
import { keepLoaded, refresh } from "../js/state/resources.js";

/** @type {{ path: string, answer: (value: unknown) => void, fail: (error: Error) => void, show: (value: unknown) => void, isWanted: () => boolean }[]} */
let asked = [];
/** What the resource is to show, or nothing. */
let subject = /** @type {string | null} */ ("a");
const realNow = Date.now;

const wanted = ({ bandProfile }) =>
  subject && {
    subject,
    version: bandProfile,
    ask: ({ show, isWanted }) => new Promise((answer, fail) => asked.push({ path: `${subject} ${bandProfile}`, answer, fail, show, isWanted })),
  };
const settled = () => new Promise((done) => setImmediate(done));
const shown = (name = "reach") => {
  const { status, value, error } = model.value.loaded[name];
  return { status, value, error };
};
const look = (at, version = model.value.bandProfile) => {
  subject = at;
  model.set({ bandProfile: version, view: { ...model.value.view } });
};

const stop = [keepLoaded("reach", ["view", "bandProfile"], wanted), keepLoaded("profiles", ["view", "bandProfile"], wanted, { keepsOld: true })];
test.after(() => stop.forEach((each) => each()));

beforeEach(async () => {
  Date.now = realNow;
  look(`fresh ${Math.random()}`);
  asked.forEach(({ answer }) => answer("before"));
  await settled();
  asked = [];
});

test("what is looked at is asked for once, however often the page changes or a second passes", () => {
  look("a");
  look("a");
  tick();

  assert.deepEqual(asked.map(({ path }) => path), ["a foot", "a foot"]);
  assert.deepEqual(shown(), { status: "loading", value: null, error: null });
});

test("an answer to what is not looked at any more is dropped", async () => {
  look("a");
  look("b");
  asked[2].answer("of b");
  await settled();
  asked[0].answer("of a");
  await settled();

  assert.deepEqual(shown(), { status: "ready", value: "of b", error: null });
});

test("while only what it rests on changes, the answer before is shown until the next is there", async () => {
  look("a", "foot");
  asked.forEach(({ answer }) => answer("first"));
  await settled();

  look("a", "car");
  assert.deepEqual(shown(), { status: "loading", value: "first", error: null });

  asked[2].answer("second");
  await settled();
  assert.equal(shown().value, "second");
  look("a", "foot");
});

test("what fails in passing is asked for again after a while, and what is refused is not", async () => {
  look("a");
  asked[0].fail(new ApiError("no_answer", 0));
  asked[1].fail(new ApiError("not_found", 404));
  await settled();
  tick();
  assert.equal(asked.length, 2);
  assert.equal(shown().status, "failed");

  Date.now = () => realNow() + 5000;
  tick();
  assert.equal(asked.length, 3);
  assert.equal(shown().status, "failed");

  asked[2].answer("there");
  await settled();
  assert.deepEqual(shown(), { status: "ready", value: "there", error: null });
});

test("a wait that the server asks for is kept to", async () => {
  look("a");
  asked[0].fail(new ApiError("busy", 503, {}, 60));
  await settled();

  Date.now = () => realNow() + 59_000;
  tick();
  assert.equal(asked.length, 2);
  Date.now = () => realNow() + 60_000;
  tick();
  assert.equal(asked.length, 3);
});

test("when it cannot be renewed, reach is not shown as it was, and figures are", async () => {
  look("a", "foot");
  asked.forEach(({ answer }) => answer("first"));
  await settled();
  look("a", "car");
  asked.slice(2).forEach(({ fail }) => fail(new ApiError("no_answer", 0)));
  await settled();

  assert.equal(shown("reach").value, null);
  assert.equal(shown("profiles").value, "first");
  assert.equal(shown("profiles").status, "failed");
  look("a", "foot");
});

test("parts of an answer are shown as they come, and what was given up is asked for when it is looked at again", async () => {
  look("a");
  asked[0].show("half");
  assert.equal(shown().value, "half");

  look(null);
  assert.equal(asked[0].isWanted(), false);
  asked[0].answer(undefined);
  await settled();
  look("a");
  assert.equal(asked.filter(({ path }) => path === "a foot").length, 3);
});

test("on coming back what has become old meanwhile is not shown, and what has not is", async () => {
  look("a", "foot");
  asked.forEach(({ answer }) => answer("first"));
  await settled();

  look(null);
  look("a", "foot");
  assert.equal(shown().value, "first");
  look(null);
  look("a", "car");
  assert.deepEqual(shown(), { status: "loading", value: null, error: null });
  look("a", "foot");
});

test("a version of null keeps what is known", async () => {
  look("a", "foot");
  asked.forEach(({ answer }) => answer("first"));
  await settled();

  look("a", null);
  assert.deepEqual(shown(), { status: "ready", value: "first", error: null });
  assert.equal(asked.length, 2);
  look("a", "foot");
});

test("asking once more does not wait for a change", () => {
  look("a");
  refresh("reach");

  assert.equal(asked.length, 3);
});
