// Folds snapshots and events read from standard input with the page's own store; a Python test compares the outcome.

import { readFileSync } from "node:fs";

import { apply } from "../js/state/store.js";
import { VIEWER } from "./examples.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
const folded = cases.map(({ before, events }) =>
  events.reduce((known, recorded) => apply(known, { type: "event", ...recorded }), {
    viewer: VIEWER,
    snapshot: before,
  }),
);
process.stdout.write(JSON.stringify(folded.map(({ snapshot }) => snapshot)));
