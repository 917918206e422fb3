import assert from "node:assert/strict";
import { test } from "node:test";

import { askProofAfterS, SELDOM_S, SOON_S } from "../js/actions/channels/proof-pace.js";

const settled = [{ state: "accepted" }, { state: "answered" }, { state: "failed" }];
const known = { messages: settled, shown: true, stale: false, ended: false };

test("the proof is asked for again soon only while something is on its way or has changed", () => {
  assert.equal(askProofAfterS({ ...known, messages: [...settled, { state: "sent" }] }), SOON_S);
  assert.equal(askProofAfterS({ ...known, stale: true, shown: false }), SOON_S);
  assert.equal(askProofAfterS({ ...known, messages: null, shown: false }), SOON_S);
  assert.equal(askProofAfterS(known), SELDOM_S);
});

test("folded, or of an incident that has ended and whose messages are settled, it is not asked for", () => {
  assert.equal(askProofAfterS({ ...known, shown: false, messages: [{ state: "queued" }] }), Infinity);
  assert.equal(askProofAfterS({ ...known, ended: true }), Infinity);
});
