// A person in several units says with which one they come: it reaches the server, and the answer does even if it may not.

import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {any[]} */
const sent = [];
/** @type {any[]} */
const posted = [];
/** @type {{ status: number, body: object }[]} */
let answers = [];

class FakeSocket extends EventTarget {
  static OPEN = 1;
  /** @type {FakeSocket | null} */
  static last = null;
  readyState = 1;
  constructor() {
    super();
    FakeSocket.last = this;
  }
  /** @param {string} text */
  send(text) {
    sent.push(JSON.parse(text));
  }
  close() {}
  /** @param {object} message */
  say(message) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
}

const browser = {
  WebSocket: FakeSocket,
  window: new EventTarget(),
  document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
  navigator: { onLine: true },
  localStorage: { getItem: () => null, setItem: () => {} },
  fetch: async (/** @type {string} */ url, /** @type {{ body: string }} */ { body }) => {
    if (url.endsWith("/live-tickets")) return json(201, { ticket: "t" });
    posted.push(JSON.parse(body));
    const { status, body: answer } = answers.shift() ?? { status: 200, body: {} };
    return json(status, answer);
  },
};
for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { Live } = await import("../js/live/client.js");

/**
 * @param {number} status
 * @param {object} body
 */
function json(status, body) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });
}

const REFUSED = { status: 422, body: { code: "invalid_value", field: "unit_id" } };

function line() {
  sent.length = 0;
  posted.length = 0;
  answers = [];
  return new Live(/** @type {any} */ ({ circleId: "c", liveUrl: "ws://x/live", device: "d", cursor: () => ({}), onMessage: () => {}, onConnection: () => {}, onOutbox: () => {} }));
}

/** Until promises and answers that are due have come. */
const settle = () => new Promise((done) => setTimeout(done, 20));

test("without a socket the unit is posted, and the answer again without it when it is refused", async () => {
  const live = line();
  answers = [REFUSED];
  live.answer("a-i", "accepted", "u-2");
  await settle();

  assert.deepEqual(posted.map((body) => body.unit_id), ["u-2"]);
  assert.deepEqual(live.items.map(({ state, unit_id }) => [state, unit_id]), [["accepted", undefined]]);

  live.answer("a-i", "en_route");
  await settle();
  assert.deepEqual(posted.map((body) => [body.state, body.unit_id]), [["accepted", "u-2"], ["accepted", undefined], ["en_route", undefined]]);
  assert.equal(posted[0].action_id, posted[1].action_id);
  assert.deepEqual(live.items, []);
});

test("by the socket the unit is sent, and the answer is kept without it when it is refused", async () => {
  const live = line();
  live.start();
  try {
    await settle();
    FakeSocket.last?.say({ type: "snapshot" });
    live.answer("a-i", "accepted", "u-2");
    const [receipt] = sent.filter((message) => message.type === "receipt");
    assert.equal(receipt.unit_id, "u-2");

    FakeSocket.last?.say({ type: "refused", code: "invalid_value", action_id: receipt.action_id });
    assert.deepEqual(live.items.map(({ action_id, unit_id }) => [action_id, unit_id]), [[receipt.action_id, undefined]]);
  } finally {
    live.stop();
  }
});
