import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const TEXT = readFileSync(new URL("../sw.js", import.meta.url), "utf8");
const FILES = { "/": "sha256-a", "/js/main.js": "sha256-b", "/locales/zh-CN.json": "sha256-c" };

/**
 * A browser around the worker: its caches, and a server that answers as it is told.
 * @param {(path: string, init: any) => any} server  throws when nothing, or not the whole file, arrives
 * @param {{ version?: string, kept?: Map<string, Map<string, any>>, full?: boolean }} [how]
 */
function browser(server, { version = "one", kept = new Map(), full = false } = {}) {
  /** @type {Record<string, (event: any) => void>} */
  const on = {};
  const asked = [];
  const caches = {
    open: async (/** @type {string} */ name) => {
      if (!kept.has(name)) kept.set(name, new Map());
      const files = kept.get(name);
      return {
        match: async (/** @type {string} */ path) => files.get(path),
        put: async (/** @type {string} */ path, /** @type {any} */ answer) => {
          if (full) throw Object.assign(new Error("full"), { name: "QuotaExceededError" });
          files.set(path, answer);
        },
      };
    },
    keys: async () => [...kept.keys()],
    delete: async (/** @type {string} */ name) => kept.delete(name),
  };
  const self = {
    addEventListener: (/** @type {string} */ name, /** @type {any} */ listener) => (on[name] = listener),
    skipWaiting: async () => {},
    clients: { claim: async () => {} },
    location: { origin: "http://here" },
  };
  const fetch = async (/** @type {any} */ path, /** @type {any} */ init) => {
    asked.push(path);
    return server(path, init);
  };
  const soon = (/** @type {() => void} */ go) => setTimeout(go, 0);
  new Function("SHELL", "self", "caches", "fetch", "setTimeout", TEXT)({ version, files: FILES }, self, caches, fetch, soon);
  const happen = (/** @type {string} */ name) =>
    new Promise((resolve, reject) => on[name]({ waitUntil: (/** @type {Promise<any>} */ done) => done.then(resolve, reject) }));
  const get = (/** @type {string} */ path, mode = "cors", method = "GET") => {
    let answer;
    on["fetch"]({ request: { url: `http://here${path}`, mode, method }, respondWith: (/** @type {any} */ given) => (answer = given) });
    return answer;
  };
  return { kept, asked, happen, get };
}

const whole = (/** @type {string} */ path) => ({ ok: true, path });
const failing = (/** @type {string} */ broken, times = Infinity) => {
  let failed = 0;
  return (/** @type {string} */ path) => {
    if (path !== broken || failed >= times) return whole(path);
    failed += 1;
    throw new TypeError("Failed to fetch");
  };
};

test("the first visit keeps every file, each asked for with its hash", async () => {
  const hashes = {};
  const { kept, happen, get } = browser((path, { integrity }) => ((hashes[path] = integrity), whole(path)));

  await happen("install");

  assert.deepEqual(hashes, FILES);
  assert.deepEqual([...kept.get("shell-one").keys()].sort(), Object.keys(FILES).sort());
  assert.deepEqual(await get("/anything", "navigate"), whole("/"));
  assert.deepEqual(await get("/js/main.js?again=1"), whole("/js/main.js"));
});

test("a file that does not arrive once, or is answered 502, is asked for again", async () => {
  for (const server of [failing("/locales/zh-CN.json", 2), answering502("/js/main.js")]) {
    const { kept, happen } = browser(server);

    await happen("install");

    assert.equal(kept.get("shell-one").size, 3);
  }
});

/** @param {string} broken */
function answering502(broken) {
  let failed = false;
  return (/** @type {string} */ path) => {
    if (path !== broken || failed) return whole(path);
    failed = true;
    return { ok: false, status: 502 };
  };
}

test("an installation that fails half way changes nothing, and the next one asks for the rest", async () => {
  const kept = new Map([["shell-old", new Map([["/", "old"]])]]);
  const broken = browser(failing("/js/main.js"), { kept });
  await assert.rejects(broken.happen("install"));
  assert.equal(kept.get("shell-old").get("/"), "old");
  assert.equal(kept.get("shell-one").has("/js/main.js"), false);
  await new Promise((resolve) => setTimeout(resolve, 20));

  const better = browser(whole, { kept });
  await better.happen("install");

  assert.deepEqual(better.asked, ["/js/main.js"]);
  assert.equal(kept.has("shell-old"), true, "until the new one takes over");
  await better.happen("activate");
  assert.deepEqual([...kept.keys()], ["shell-one"]);
});

test("full storage keeps nothing by halves, and the page comes by the network", async () => {
  const { kept, happen, get } = browser(whole, { full: true });

  await assert.rejects(happen("install"));

  assert.equal(kept.has("shell-one"), false);
  assert.equal((await get("/js/main.js")).ok, true);
});

test("answers of the interface are never kept or given", () => {
  const { get } = browser(whole);

  for (const path of ["/api/session", "/live", "/readyz"]) assert.equal(get(path), undefined);
  assert.equal(get("/js/main.js", "cors", "POST"), undefined);
});
