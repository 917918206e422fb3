// The same examples that responder/domain/incidents/fold.py is tried on: an old snapshot and what happened make the new snapshot.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { apply } from "../js/state/store.js";
import { VIEWER } from "./examples.js";

const FOLDER = new URL("../../tests/golden/", import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

test("there are examples", () => assert.notEqual(files.length, 0));

for (const file of files) {
  const { name, before, messages, after } = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
  test(`${file}: ${name}`, () => {
    assert.deepEqual(messages.reduce(apply, { viewer: VIEWER, snapshot: before }).snapshot, after);
  });
}
