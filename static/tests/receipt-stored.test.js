// What a person has said stays on screen from the tap on: nothing goes back between the receipt and its event.

import assert from "node:assert/strict";
import { test } from "node:test";

import { apply } from "../js/state/store.js";
import { myState } from "../js/state/selectors.js";
import { alert, circleSnapshot, delivery, event, incident, VIEWER } from "./examples.js";

class FakeSocket extends EventTarget {
  static OPEN = 1;
  /** @type {FakeSocket | null} */
  static last = null;
  readyState = 1;
  /** @type {any[]} */
  sent = [];
  constructor() {
    super();
    FakeSocket.last = this;
  }
  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
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
  fetch: async (/** @type {string} */ url) => {
    const body = url.endsWith("/live-tickets") ? { ticket: "t" } : delivery("a1", "r-1", "en_route");
    return new Response(JSON.stringify(body), { status: 200, headers: { "Content-Type": "application/json" } });
  },
};
for (const [name, value] of Object.entries(browser)) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });

const { Live } = await import("../js/live/client.js");

/** A page of a person who has accepted; `seen` are all states that it had to show, one after the other. */
function page() {
  const accepted = incident("i1", { alerts: [alert("a1")], deliveries: [delivery("a1", "r-1", "accepted"), delivery("a1", "r-2", "seen")] });
  /** @type {any} */
  let state = { viewer: VIEWER, snapshot: circleSnapshot({ incidents: [accepted] }) };
  /** @type {any} */
  let outbox = [];
  /** @type {(string | null)[]} */
  const seen = [];
  const look = () => {
    const now = myState(state.snapshot.incidents[0], VIEWER, outbox);
    if (seen.at(-1) !== now) seen.push(now);
  };
  const live = new Live(
    /** @type {any} */ ({
      circleId: "c",
      liveUrl: "ws://x/live",
      device: "d",
      cursor: () => ({}),
      onConnection: () => {},
      onMessage: (/** @type {any} */ message) => {
        if (message.type !== "snapshot") state = apply(state, message);
        look();
      },
      onOutbox: (/** @type {any} */ items) => {
        outbox = items;
        look();
      },
    }),
  );
  return { live, seen, state: () => state };
}

const settle = () => new Promise((done) => setTimeout(done, 20));

test("by the socket", async () => {
  const { live, seen, state } = page();
  live.start();
  try {
    await settle();
    FakeSocket.last?.say({ type: "snapshot" });
    live.answer("a1", "en_route");
    const receipt = FakeSocket.last?.sent.find((message) => message.type === "receipt");
    FakeSocket.last?.say({ type: "receipt_stored", action_id: receipt.action_id, alert_id: "a1", state: "en_route" });
    FakeSocket.last?.say(event(6, { kind: "deliveries_updated", incident_id: "i1", deliveries: [delivery("a1", "r-1", "en_route")] }));

    assert.deepEqual(live.items, []);
    assert.deepEqual(seen, ["accepted", "en_route"]);
    assert.deepEqual(state().snapshot.incidents[0].deliveries.map((/** @type {any} */ each) => each.state), ["en_route", "seen"]);
  } finally {
    live.stop();
  }
});

test("an event of an earlier answer does not take back a later one", async () => {
  const { live, seen, state } = page();
  const told = (/** @type {number} */ seq, /** @type {string} */ how) => FakeSocket.last?.say(event(seq, { kind: "deliveries_updated", incident_id: "i1", deliveries: [delivery("a1", "r-1", how)] }));
  live.start();
  try {
    await settle();
    FakeSocket.last?.say({ type: "snapshot" });
    for (const how of ["en_route", "on_scene"]) {
      live.answer("a1", /** @type {any} */ (how));
      const receipt = FakeSocket.last?.sent.find((message) => message.type === "receipt" && message.state === how);
      FakeSocket.last?.say({ type: "receipt_stored", action_id: receipt.action_id, alert_id: "a1", state: how });
    }
    told(6, "accepted");
    told(7, "en_route");
    assert.deepEqual(state().stored, { a1: "on_scene" });
    told(8, "on_scene");
    assert.equal(state().stored, undefined);
    // From here on it is what the log says.
    told(9, "released");

    assert.deepEqual(seen, ["accepted", "en_route", "on_scene", "released"]);
  } finally {
    live.stop();
  }
});

test("by a plain request", async () => {
  const { live, seen } = page();
  live.answer("a1", "en_route");
  await settle();

  assert.deepEqual(live.items, []);
  assert.deepEqual(seen, ["en_route"]);
});

test("a receipt that was stored late takes nothing back, and no one else's moves", () => {
  const of = (/** @type {any} */ state) => state.snapshot.incidents[0].deliveries.map((/** @type {any} */ each) => each.state);
  const before = { viewer: VIEWER, snapshot: circleSnapshot({ incidents: [incident("i1", { alerts: [alert("a1")], deliveries: [delivery("a1", "r-1", "on_scene"), delivery("a1", "r-2", "seen")] })] }) };
  const stored = (/** @type {any} */ change) => /** @type {any} */ ({ type: "receipt_stored", action_id: "x", alert_id: "a1", state: "accepted", ...change });

  assert.equal(apply(/** @type {any} */ (before), stored({})), before);
  assert.equal(apply(/** @type {any} */ (before), stored({ alert_id: "another", state: "withdrawn" })), before);
  assert.deepEqual(of(apply(/** @type {any} */ (before), stored({ state: "withdrawn" }))), ["withdrawn", "seen"]);
});
