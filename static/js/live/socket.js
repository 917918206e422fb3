// One WebSocket to the live gateway: ticket first, then hello, then messages until it closes.

/**
 * @typedef {object} SocketOptions
 * @property {string} url
 * @property {string} ticket
 * @property {WebSocket | null} [underWay]  one to the same address that was begun before
 * @property {{ circle_id: string, device: string } & import("../state/store.js").Position} hello
 * @property {(message: any) => void} onMessage  parsed, in order
 * @property {(closed: { code: number, reason: string }) => void} onClose  once
 * @property {number} [welcomeWithinMs]
 */

const WELCOME_WITHIN_MS = 8000;

/** A close that the page makes itself when the gateway stays silent. */
export const NO_WELCOME = 4990;

export class Socket {
  /** @param {SocketOptions} options */
  constructor({ url, ticket, underWay, hello, onMessage, onClose, welcomeWithinMs = WELCOME_WITHIN_MS }) {
    this.welcomed = false;
    this.onClose = onClose;
    this.socket = underWay?.url === url && underWay.readyState <= WebSocket.OPEN ? underWay : new WebSocket(url);
    this.welcomeTimer = setTimeout(() => this.close(NO_WELCOME), welcomeWithinMs);

    const greet = () => {
      this.send({ type: "ticket", ticket });
      this.send({ type: "hello", ...hello });
    };
    if (this.socket.readyState === WebSocket.OPEN) greet();
    else this.socket.addEventListener("open", greet);
    this.socket.addEventListener("message", (event) => {
      const message = parsed(event.data);
      if (!message) return;
      if (message.type === "snapshot" || message.type === "resumed") this.#welcome();
      onMessage(message);
    });
    this.socket.addEventListener("close", (event) => this.#closed(event.code, event.reason));
  }

  /** Open, and perhaps not welcomed yet. */
  get isConnected() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  get isOpen() {
    return this.welcomed && this.socket.readyState === WebSocket.OPEN;
  }

  /** @param {object} message */
  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  /**
   * Close without waiting for the other end, which may be gone.
   * @param {number} code
   */
  close(code) {
    this.socket.close(code >= 4000 ? code : 1000);
    this.#closed(code, "");
  }

  #welcome() {
    this.welcomed = true;
    clearTimeout(this.welcomeTimer);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #closed(code, reason) {
    clearTimeout(this.welcomeTimer);
    const { onClose } = this;
    this.onClose = () => {};
    onClose({ code, reason });
  }
}

/**
 * @param {unknown} data
 * @returns {any} null for what is not one of ours
 */
function parsed(data) {
  try {
    const message = JSON.parse(String(data));
    return typeof message?.type === "string" ? message : null;
  } catch {
    return null;
  }
}
