// The live line to one circle: connects, resumes, and brings receipts to the server whatever the network does.

import { ApiError, request } from "../lib/api.js";
import { now } from "../lib/clock.js";
import { STORAGE } from "../lib/storage.js";
import { NO_POSITION } from "../state/store.js";
import { waitMs } from "./backoff.js";
import { current, load, queued, save, settled, storageKeyOf, withoutUnit } from "./outbox.js";
import { Socket } from "./socket.js";

/**
 * @typedef {import("../types/page.js").Connection} Connection
 * @typedef {import("../types/page.js").OutboxItem} OutboxItem
 *
 * @typedef {object} LiveOptions
 * @property {string} circleId
 * @property {string} liveUrl
 * @property {string} device
 * @property {{ ticket: string, socket: WebSocket | null } | null} [first]  a ticket that was just issued, and perhaps a socket
 *   under way, for the first connection
 * @property {() => import("../state/store.js").Position} cursor  what the page already has
 * @property {(message: import("../types/messages.js").ServerMessage) => void} onMessage
 * @property {(connection: Connection) => void} onConnection
 * @property {(items: readonly OutboxItem[]) => void} onOutbox
 */

const PROBE_EVERY_MS = 15_000;
const SILENT_FOR_MS = 12_000;
const SLOW_EVERY_MS = 5000;
/** How long receipts wait for a socket to be welcomed. */
const SOCKET_WITHIN_MS = 1500;
/** A receipt that could not be stored just now. */
const AGAIN_AFTER_MS = 2000;
/** Failed sockets in a row before the snapshot is fetched by plain requests. */
const SLOW_AFTER = 3;
/** A close after which what the page has is no longer valid: the database or the viewer's rights have changed. */
const AFRESH = 4010;
/** Closes after which trying again would change nothing. */
const FINAL = new Map([[4003, "not_found"]]);
/** Answers to a receipt after which it is never sent again. */
const SETTLED_BY = new Set(["not_a_recipient", "not_found", "incident_ended", "not_allowed", "invalid_request"]);

export class Live {
  /** @param {LiveOptions} options */
  constructor(options) {
    this.options = options;
    this.storageKey = storageKeyOf(options.circleId);
    /** @type {OutboxItem[]} */
    this.items = current(load(STORAGE, this.storageKey), now());
    /** @type {Socket | null} */
    this.socket = null;
    this.failures = 0;
    this.running = false;
    this.afresh = false;
    /** @type {LiveOptions["first"]} */
    this.first = options.first ?? null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.flushing = undefined;
    /** @type {Connection} */
    this.connection = { phase: "connecting", heardAt: null, problem: null };
    this.wake = () => this.#wake();
  }

  start() {
    this.running = true;
    window.addEventListener("online", this.wake);
    window.addEventListener("offline", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.probing = setInterval(() => this.#probe(), PROBE_EVERY_MS);
    this.options.onOutbox(this.items);
    void this.#connect();
  }

  stop() {
    this.running = false;
    window.removeEventListener("online", this.wake);
    window.removeEventListener("offline", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearInterval(this.probing);
    clearTimeout(this.timer);
    clearTimeout(this.flushing);
    this.first?.socket?.close();
    this.socket?.close(1000);
    this.socket = null;
  }

  /**
   * Answer an alert. Returns at once; the answer is kept until the server has stored it.
   * @param {string} alertId
   * @param {OutboxItem["state"]} state
   * @param {string} [unitId]  the unit that the person goes with, when they were called in several
   */
  answer(alertId, state, unitId) {
    const item = {
      action_id: crypto.randomUUID(),
      alert_id: alertId,
      state,
      at: new Date(now()).toISOString(),
      circle_id: this.options.circleId,
      ...(unitId && { unit_id: unitId }),
    };
    this.#save(queued(this.items, item));
    void this.#flush();
  }

  /** @param {{ unit_id: string, lon: number, lat: number, accuracy_m: number, at: string }} position */
  reportPosition(position) {
    // Latest wins: what cannot be sent now is not worth sending later.
    if (this.socket?.isOpen) this.socket.send({ type: "report_position", ...position });
  }

  async #connect() {
    if (!this.running || this.socket) return;
    clearTimeout(this.timer);
    if (!navigator.onLine) return this.#report({ phase: "offline" });
    if (this.connection.phase !== "slow") this.#report({ phase: "connecting" });
    const { first } = this;
    this.first = null;
    if (first) {
      this.#heard();
      this.#open(first.ticket, first.socket);
      // What came with the ticket is confirmed at once: the gateway would send it again otherwise.
      return this.#flush();
    }

    try {
      const { ticket } = await request("POST", "/live-tickets", { timeoutMs: 6000 });
      this.#heard();
      if (this.running && !this.socket) this.#open(ticket);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#end("not_signed_in");
      this.#retry();
    }
  }

  /**
   * @param {string} ticket
   * @param {WebSocket | null} [underWay]
   */
  #open(ticket, underWay = null) {
    const { circleId, liveUrl, device } = this.options;
    const cursor = this.afresh ? NO_POSITION : this.options.cursor();
    this.socket = new Socket({
      url: liveUrl,
      underWay,
      ticket,
      hello: { circle_id: circleId, ...cursor, device },
      onMessage: (message) => this.#receive(message),
      onClose: ({ code }) => this.#closed(code),
    });
  }

  /** @param {any} message */
  #receive(message) {
    this.#heard();
    if (message.type === "refused" && message.action_id) this.#refused(message);
    this.options.onMessage(message);
    // Not before: what a person has said is on screen all the time.
    if (message.type === "receipt_stored") this.#save(settled(this.items, message.action_id));
    // The server has no receipt yet: what waits here is said again. The alert itself came as an event.
    if (message.type === "reminder") void this.#flush();
    if (message.type !== "snapshot" && message.type !== "resumed") return;
    this.failures = 0;
    this.afresh = false;
    this.#report({ phase: "live" });
    void this.#flush();
  }

  /** @param {{ code: string, action_id: string }} refusal */
  #refused({ code, action_id }) {
    if (SETTLED_BY.has(code)) return this.#save(settled(this.items, action_id));
    if (code === "invalid_value") this.#save(withoutUnit(this.items, action_id));
    setTimeout(() => void this.#flush(), AGAIN_AFTER_MS);
  }

  /** @param {number} code */
  #closed(code) {
    this.socket = null;
    if (!this.running) return;
    const problem = FINAL.get(code);
    if (problem) return this.#end(problem);
    if (code === AFRESH) this.afresh = true;
    this.#retry();
  }

  #retry() {
    if (!this.running) return;
    const wait = waitMs(this.failures, Math.random);
    this.failures += 1;
    const slow = this.failures >= SLOW_AFTER && navigator.onLine;
    this.#report({ phase: slow ? "slow" : navigator.onLine ? "waiting" : "offline" });
    if (slow) void this.#fetchSnapshot();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#connect(), slow ? Math.max(wait, SLOW_EVERY_MS / 2) : wait);
  }

  /** Without a socket the snapshot still comes, a few seconds later each time. */
  async #fetchSnapshot() {
    const path = `/circles/${this.options.circleId}`;
    try {
      const [about, snapshot] = await Promise.all([request("GET", path), request("GET", `${path}/snapshot`)]);
      this.#heard();
      if (this.socket?.isOpen) return;
      this.options.onMessage({ type: "snapshot", viewer: about.viewer, snapshot });
      await this.#flush();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.#end("not_signed_in");
    }
  }

  #wake() {
    if (!this.running) return;
    if (!navigator.onLine) {
      this.socket?.close(1000);
      return this.#report({ phase: "offline" });
    }
    if (document.visibilityState === "hidden") return;
    if (this.socket) return void this.#probe();
    this.failures = 0;
    void this.#connect();
  }

  /** A half-open line says nothing and looks like a quiet night: ask whether the server is still there. */
  async #probe() {
    if (!this.running || !this.socket?.isOpen) return;
    const silentMs = now() - (this.connection.heardAt ?? 0);
    if (silentMs < SILENT_FOR_MS) return;
    try {
      await request("GET", `/circles/${this.options.circleId}`, { timeoutMs: 5000 });
      this.#heard();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return this.#end("not_signed_in");
      this.socket?.close(1000);
    }
  }

  /** Send what waits: by the socket, or by plain requests when there is none. */
  async #flush({ waited = false } = {}) {
    // The first connection is about to begin.
    if (this.first) return;
    if (this.socket?.isOpen) {
      for (const { action_id, alert_id, state, at, unit_id } of this.items) {
        this.socket.send({ type: "receipt", action_id, alert_id, state, at, unit_id });
      }
      return;
    }
    if (!navigator.onLine) return;
    // A socket that is about to be live takes them along; one that is still being opened would make them late.
    if (this.socket?.isConnected && !waited) {
      clearTimeout(this.flushing);
      this.flushing = setTimeout(() => void this.#flush({ waited: true }), SOCKET_WITHIN_MS);
      return;
    }
    for (const item of this.items) await this.#post(item);
  }

  /** @param {OutboxItem} item */
  async #post({ action_id, alert_id, state, at, unit_id, circle_id }) {
    const body = { action_id, state, at, unit_id, device: this.options.device };
    try {
      const stored = await request("POST", `/circles/${circle_id}/alerts/${alert_id}/receipts`, { body, timeoutMs: 6000 });
      this.options.onMessage({ type: "receipt_stored", action_id, alert_id, state: stored.state });
      this.#save(settled(this.items, action_id));
    } catch (error) {
      if (!(error instanceof ApiError)) return;
      if (SETTLED_BY.has(error.code)) this.#save(settled(this.items, action_id));
      if (error.code === "invalid_value") this.#save(withoutUnit(this.items, action_id));
    }
  }

  /** @param {OutboxItem[]} items */
  #save(items) {
    this.items = items;
    save(STORAGE, this.storageKey, items);
    this.options.onOutbox(items);
  }

  #heard() {
    this.connection = { ...this.connection, heardAt: now() };
    this.options.onConnection(this.connection);
  }

  /** @param {Partial<Connection>} change */
  #report(change) {
    this.connection = { ...this.connection, ...change };
    this.options.onConnection(this.connection);
  }

  /** @param {string} problem */
  #end(problem) {
    this.stop();
    this.#report({ phase: "stopped", problem });
  }
}
