// The first connection: by the ticket and the socket that the page asked for before its scripts had arrived.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

/** @type {FakeSocket[]} */
let sockets = [];
/** @type {string[]} */
let asked = [];

class FakeSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = 1;
  /** @type {any[]} */
  sent = [];
  readyState = FakeSocket.CONNECTING;
  /** @param {string} url */
  constructor(url) {
    super();
    this.url = url;
    sockets.push(this);
  }
  open() {
    this.readyState = FakeSocket.OPEN;
    this.dispatchEvent(new Event("open"));
  }
  /** @param {object} message */
  say(message) {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(message) }));
  }
  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
}

const browser = {
  WebSocket: FakeSocket,
  window: new EventTarget(),
  document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
  navigator: { onLine: true },
  localStorage: { getItem: () => null, setItem: () => {} },
  fetch: async (/** @type {string} */ url) => {
    asked.push(url);
    return new Response(JSON.stringify(url.endsWith("/live-tickets") ? { ticket: "another" } : {}), { status: 200, headers: { "Content-Type": "application/json" } });
  },
};
for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { Live } = await import("../js/live/client.js");
const URL_OF_GATEWAY = "ws://x/live";
const CURSOR = { epoch: "e1", seq: 5, event_id: "e-5" };
/** @type {InstanceType<typeof Live>} */
let live;

beforeEach(() => {
  sockets = [];
  asked = [];
});
// Also of a test that fails: one that goes on connecting would keep the process running.
afterEach(() => live.stop());

/** @param {{ ticket: string, socket: any } | null} first */
function begun(first) {
  live = new Live(
    /** @type {any} */ ({ circleId: "c", liveUrl: URL_OF_GATEWAY, device: "d", cursor: () => CURSOR, first, onMessage: () => {}, onConnection: () => {}, onOutbox: () => {} }),
  );
  return live;
}
const settle = () => new Promise((done) => setTimeout(done, 10));
const types = (/** @type {FakeSocket} */ socket) => socket.sent.map(({ type }) => type);

test("a socket that is open already is greeted at once, and no ticket is asked for", () => {
  const early = new FakeSocket(URL_OF_GATEWAY);
  early.open();
  begun({ ticket: "t", socket: early }).start();

  assert.deepEqual(early.sent, [{ type: "ticket", ticket: "t" }, { type: "hello", circle_id: "c", ...CURSOR, device: "d" }]);
  assert.deepEqual([sockets.length, asked], [1, []]);
});

test("one that is under way is greeted when it opens", () => {
  const early = new FakeSocket(URL_OF_GATEWAY);
  begun({ ticket: "t", socket: early }).start();
  assert.deepEqual(early.sent, []);
  early.open();

  assert.deepEqual(types(early), ["ticket", "hello"]);
});

test("one that has closed meanwhile, or leads elsewhere, is replaced by another with the same ticket", () => {
  for (const url of [URL_OF_GATEWAY, "ws://elsewhere/live"]) {
    sockets = [];
    const early = new FakeSocket(url);
    if (url === URL_OF_GATEWAY) early.close();
    begun({ ticket: "t", socket: early }).start();
    const [, used] = sockets;
    used?.open();

    assert.deepEqual(used?.sent[0], { type: "ticket", ticket: "t" });
    live.stop();
  }
});

test("what came with the ticket is confirmed while the socket is being opened", async () => {
  begun({ ticket: "t", socket: null });
  live.answer("a-i", "delivered");
  await settle();
  assert.deepEqual(asked, [], "not before the page knows how it will be connected");
  live.start();
  await settle();

  assert.deepEqual(asked, ["/api/circles/c/alerts/a-i/receipts"]);
  assert.deepEqual(live.items, []);
});

test("an open socket takes it along as soon as it is welcomed", async () => {
  const early = new FakeSocket(URL_OF_GATEWAY);
  early.open();
  begun({ ticket: "t", socket: early });
  live.answer("a-i", "delivered");
  live.start();
  early.say({ type: "resumed", seq: 5 });
  await settle();

  assert.deepEqual(types(early), ["ticket", "hello", "receipt"]);
  assert.deepEqual(asked, []);
});
