// The same examples that responder/domain/fold.py is tried on: old picture + events = new picture.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { apply } from "../js/store.js";
import { VIEWER } from "./examples.js";

const FOLDER = new URL("../../tests/golden/", import.meta.url);
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".json")) : [];

test("there are examples", { skip: files.length === 0 && "none have been recorded" }, () => assert.notEqual(files.length, 0));

for (const file of files) {
  const { before, events, after } = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
  test(`${file}: old picture and events make the new picture`, () => {
    const state = events.reduce(
      (known, { seq, at, event }) => apply(known, { type: "event", seq, at, event }),
      { viewer: VIEWER, picture: before },
    );
    assert.deepEqual(state.picture, after);
  });
}
