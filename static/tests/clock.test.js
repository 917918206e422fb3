import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { learnFrom, now } from "../js/lib/clock.js";

const START = Date.parse("2026-11-29T12:00:00Z");
const DAY_MS = 86_400_000;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["Date"], now: START });
  // Two answers, of the beginning and of the end of what a header may be off by, leave no doubt: both clocks agree.
  learnFrom(new Date(START).toUTCString(), START);
  learnFrom(new Date(START - 2000).toUTCString(), START);
});

/**
 * The server answers at its own time; the answer comes in some time after that.
 * @param {{ serverMs: number, askedMs: number, haveMs: number }} times
 */
function answer({ serverMs, askedMs, haveMs }) {
  mock.timers.setTime(haveMs);
  learnFrom(new Date(serverMs).toUTCString(), askedMs);
}

test("an answer that is long on its way does not set the clock back", () => {
  answer({ serverMs: START + 1000, askedMs: START, haveMs: START + 9000 });
  assert.equal(now(), START + 9000);
});

test("a server that thinks for long does not set the clock ahead", () => {
  answer({ serverMs: START + 8000, askedMs: START, haveMs: START + 9000 });
  assert.equal(now(), START + 9000);
});

test("a phone whose clock is a day off shows the server's time after one answer, and no slow one spoils it", () => {
  answer({ serverMs: START + DAY_MS + 200, askedMs: START, haveMs: START + 300 });
  assert.ok(Math.abs(now() - (START + DAY_MS + 300)) <= 2000, String(now()));
  const before = now();
  answer({ serverMs: START + DAY_MS + 2000, askedMs: START + 400, haveMs: START + 12_400 });
  assert.equal(now(), before + 12_100);
});

test("a clock that is set right meanwhile is followed", () => {
  answer({ serverMs: START + DAY_MS, askedMs: START, haveMs: START + 100 });
  answer({ serverMs: START + DAY_MS + 5000, askedMs: START + DAY_MS + 5000, haveMs: START + DAY_MS + 5100 });
  assert.ok(Math.abs(now() - (START + DAY_MS + 5100)) <= 2000, String(now()));
});

test("an answer without a date teaches nothing", () => {
  answer({ serverMs: NaN, askedMs: START, haveMs: START + 100 });
  learnFrom(null, START);
  assert.equal(now(), START + 100);
});
