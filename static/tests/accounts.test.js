import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../js/lib/api.js";
import { problemOf } from "../js/lib/errors.js";
import { MAY, mayHere } from "../js/state/access.js";
import { inRuns } from "../js/state/audit-actions.js";
import { shortcoming } from "../js/state/password-rules.js";

const RECORD = Object.freeze({ at: "2026-01-01T12:00:00Z", actor: null, subject: null, detail: {}, address: null, device: null, hash: "" });

test("a new password is long enough and not the user name; letters count, not their bytes", () => {
  assert.equal(shortcoming("elf letters", "wen"), "too_short");
  assert.equal(shortcoming("脑科巷的门口有两棵樟", "wen"), "too_short");
  assert.equal(shortcoming("脑科巷的门口有两棵大樟树", "wen"), null);
  assert.equal(shortcoming("hospital.wen.1", "Hospital.Wen.1"), "is_username");
});

test("how long to wait comes with the refusal, and only when the server says so", () => {
  assert.deepEqual(problemOf(new ApiError("too_many_attempts", 429, {}, 90)).waitS, 90);
  assert.deepEqual(problemOf(new ApiError("no_answer", 0)).waitS, null);
  assert.equal(problemOf(new TypeError("x")).code, "unexpected");
});

test("looks that come with opened pages are read as one row, whoever had them open; all else stays a row", () => {
  const log = ["households_viewed", "households_viewed", "alert_raised", "alert_raised", "households_viewed", "audit_read"];
  const records = log.map((action, i) => ({ ...RECORD, action, seq: 9 - i }));

  const runs = inRuns(records);

  assert.deepEqual(runs.map((run) => run.map(({ seq }) => seq)), [[9, 8], [7], [6], [5], [4]]);
});

test("administrators manage people and read the log of a circle that they only look on in, and no more", () => {
  const model = (/** @type {boolean} */ admin) => ({ live: { viewer: { role: "observer" } }, account: { admin } });
  const allowed = (/** @type {boolean} */ admin) => Object.keys(MAY).filter((action) => mayHere(model(admin), action));

  assert.deepEqual(allowed(true), ["view", "see_all_incidents", "manage_people", "see_drill_plan", "observe_drill", "see_findings", "read_audit"]);
  assert.deepEqual(allowed(false), ["view", "see_all_incidents", "see_drill_plan", "observe_drill", "see_findings"]);
});
