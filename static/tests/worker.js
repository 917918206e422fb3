// A browser around the service worker, for its tests.

import { readFileSync } from "node:fs";

const TEXT = readFileSync(new URL("../sw.js", import.meta.url), "utf8");
export const MAIN = "/assets/main-1a2b.js";
export const WORDS = "/assets/zh-CN-3c4d.json";
export const OTHER_WORDS = "/assets/en-5e6f.json";
export const FILES = { "/": "sha256-a", [MAIN]: "sha256-b", [WORDS]: "sha256-c" };

/**
 * A browser around the worker: its caches, and a server that answers as it is told.
 * @param {(path: string, init: any) => any} server  throws when nothing, or not the whole file, arrives
 * @param {{ version?: string, kept?: Map<string, Map<string, any>>, full?: boolean, pages?: any[], more?: any }} [how]
 */
export function browser(server, { version = "one", kept = new Map(), full = false, pages = [], more = {} } = {}) {
  /** @type {Record<string, (event: any) => void>} */
  const on = {};
  const asked = [];
  const caches = {
    open: async (/** @type {string} */ name) => {
      if (!kept.has(name)) kept.set(name, new Map());
      const files = kept.get(name);
      return {
        keys: async () => [...files.keys()].map((url) => ({ url })),
        delete: async (/** @type {any} */ { url }) => files.delete(url),
        match: async (/** @type {string} */ path) => files.get(path),
        put: async (/** @type {string} */ path, /** @type {any} */ answer) => {
          if (full) throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
          files.set(path, answer);
        },
      };
    },
    keys: async () => [...kept.keys()],
    match: async (/** @type {string} */ path) => [...kept.values()].map((files) => files.get(path)).find((answer) => answer !== undefined),
    delete: async (/** @type {string} */ name) => kept.delete(name),
  };
  /** @type {any[]} */
  const shown = [];
  /** @type {any[]} */
  const opened = [];
  const self = {
    registration: { showNotification: async (/** @type {string} */ title, /** @type {any} */ options) => shown.push({ title, ...options }) },
    addEventListener: (/** @type {string} */ name, /** @type {any} */ listener) => (on[name] = listener),
    skipWaiting: async () => {},
    clients: {
      claim: async () => {},
      matchAll: async () => pages,
      openWindow: async (/** @type {string} */ address) => opened.push(address),
    },
    location: { origin: "http://here" },
  };
  const fetch = async (/** @type {any} */ path, /** @type {any} */ init) => {
    asked.push(path);
    return server(path, init);
  };
  const soon = (/** @type {() => void} */ go) => setTimeout(go, 0);
  new Function("SHELL", "self", "caches", "fetch", "setTimeout", TEXT)({ version, files: FILES, words: [], ...more }, self, caches, fetch, soon);
  const happen = (/** @type {string} */ name, event = {}) =>
    new Promise((resolve, reject) => on[name]({ ...event, waitUntil: (/** @type {Promise<any>} */ done) => done.then(resolve, reject) }));
  const push = (/** @type {unknown} */ said) => happen("push", { data: { json: () => JSON.parse(typeof said === "string" ? said : JSON.stringify(said)) } });
  const click = (/** @type {any} */ data, action = "") => happen("notificationclick", { action, notification: { data, close() {} } });
  const get = (/** @type {string} */ path, mode = "cors", method = "GET") => {
    let answer;
    on["fetch"]({ request: { url: `http://here${path}`, mode, method }, respondWith: (/** @type {any} */ given) => (answer = given) });
    return answer;
  };
  return { kept, asked, happen, get, push, click, shown, opened };
}

export const whole = (/** @type {string} */ path) => ({ ok: true, path });
export const failing = (/** @type {string} */ broken, times = Infinity) => {
  let failed = 0;
  return (/** @type {string} */ path) => {
    if (path !== broken || failed >= times) return whole(path);
    failed += 1;
    throw new TypeError("Failed to fetch");
  };
};
