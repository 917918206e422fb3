import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const TEXT = readFileSync(new URL("../sw.js", import.meta.url), "utf8");
const MAIN = "/assets/main-1a2b.js";
const WORDS = "/assets/zh-CN-3c4d.json";
const OTHER_WORDS = "/assets/en-5e6f.json";
const FILES = { "/": "sha256-a", [MAIN]: "sha256-b", [WORDS]: "sha256-c" };

/**
 * A browser around the worker: its caches, and a server that answers as it is told.
 * @param {(path: string, init: any) => any} server  throws when nothing, or not the whole file, arrives
 * @param {{ version?: string, kept?: Map<string, Map<string, any>>, full?: boolean, pages?: any[], more?: any }} [how]
 */
function browser(server, { version = "one", kept = new Map(), full = false, pages = [], more = {} } = {}) {
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
  assert.deepEqual(await get(`${MAIN}?again=1`), whole(MAIN));
});

const BOTH = { files: { ...FILES, [OTHER_WORDS]: "sha256-d" }, words: [WORDS, OTHER_WORDS] };
const loading = (/** @type {string[]} */ loaded, /** @type {string[]} */ lines = []) => (/** @type {string} */ path, /** @type {any} */ { cache }) => {
  if (cache !== "only-if-cached") lines.push(path);
  else if (!loaded.includes(path)) throw new TypeError("Failed to fetch");
  return whole(path);
};

test("the first visit keeps the words that it has loaded, and the others when the page says so", async () => {
  const lines = [];
  const { kept, happen } = browser(loading([WORDS], lines), { more: BOTH });

  await happen("install");
  assert.deepEqual([[...kept.get("shell-one").keys()].sort(), lines.sort()], [Object.keys(FILES).sort(), ["/", MAIN]]);
  await happen("message", { data: { type: "keep_rest" } });
  assert.deepEqual([...kept.get("shell-one").keys()].sort(), Object.keys(BOTH.files).sort());
});

test("where it is not known which words the page has, and with another version, all are kept at once", async () => {
  const first = browser(loading([]), { more: BOTH });
  const next = browser(loading([WORDS]), { more: BOTH, kept: new Map([["shell-old", new Map([["/", "old"]])]]) });
  for (const { kept, happen } of [first, next]) {
    await happen("install");
    assert.equal(kept.get("shell-one").size, 4);
  }
});

test("a file that does not arrive once, or is answered 502, is asked for again", async () => {
  for (const server of [failing(WORDS, 2), answering502(MAIN)]) {
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
  const broken = browser(failing(MAIN), { kept });
  await assert.rejects(broken.happen("install"));
  assert.equal(kept.get("shell-old").get("/"), "old");
  assert.equal(kept.get("shell-one").has(MAIN), false);
  await new Promise((resolve) => setTimeout(resolve, 20));

  const better = browser(whole, { kept });
  await better.happen("install");

  assert.deepEqual(better.asked, [MAIN]);
  assert.equal(kept.has("shell-old"), true, "until the new one takes over");
  await better.happen("activate");
  assert.deepEqual([...kept.keys()], ["shell-old", "shell-one"], "an old page that is still open finds its parts");
});

test("full storage keeps nothing by halves, and the page comes by the network", async () => {
  const { kept, happen, get } = browser(whole, { full: true });

  await assert.rejects(happen("install"));

  assert.equal(kept.has("shell-one"), false);
  assert.equal((await get(MAIN)).ok, true);
});

test("answers of the interface are never kept or given", () => {
  const { get } = browser(whole);

  for (const path of ["/api/session", "/live", "/readyz"]) assert.equal(get(path), undefined);
  assert.equal(get(MAIN, "cors", "POST"), undefined);
});

test("of earlier versions the last one stays, for pages that are open with it", async () => {
  const kept = new Map([
    ["shell-1", new Map([["/assets/map-1.js", "map 1"]])],
    ["shell-2", new Map([["/assets/map-2.js", "map 2"], ["/", "page 2"], ["/icon.svg", "icon 2"]])],
  ]);
  const { happen, get } = browser(whole, { kept });
  await happen("install");
  await happen("activate");

  assert.deepEqual([...kept.keys()], ["shell-2", "shell-one"]);
  assert.equal(await get("/assets/map-2.js"), "map 2");
  assert.deepEqual(await get("/", "navigate"), whole("/"), "the page is never an old one");
  assert.notEqual(await get("/icon.svg"), "icon 2", "what has no hash in its name is of the new version, or comes by the network");
});

const PUSHED = JSON.parse(readFileSync(new URL("pushed-alert.json", import.meta.url), "utf8"));
const EXERCISE = { ...PUSHED, exercise: true, head: `【演练】${PUSHED.head}` };
const stored = ({ ok = true } = {}) => async () => ({ ok });

test("a pushed alert is shown as it says, kept for the page, and confirmed", async () => {
  const sent = [];
  const { push, kept, shown } = browser(async (path, init) => (sent.push([path, JSON.parse(init.body)]), { ok: true }));

  await push(PUSHED);

  const [{ title, body, tag, requireInteraction, renotify, actions, lang }] = shown;
  assert.deepEqual([title, body, tag], [PUSHED.head, PUSHED.lines.join("\n"), PUSHED.incident_id]);
  assert.deepEqual([requireInteraction, renotify, lang], [true, true, "zh-CN"]);
  assert.deepEqual(actions, PUSHED.actions);
  const [[path, answer]] = [...kept.get("pushed-alerts")];
  assert.equal(path, `/pushed-alerts/${PUSHED.alert_id}`);
  assert.deepEqual(await answer.json(), PUSHED);
  assert.equal(sent[0][0], `/api/circles/${PUSHED.circle_id}/alerts/${PUSHED.alert_id}/receipts`);
  assert.equal(sent[0][1].state, "delivered");
});

test("an exercise is told from a real alert without looking", async () => {
  const { push, shown } = browser(stored());

  await push(PUSHED);
  await push(EXERCISE);

  const [real, exercise] = shown;
  const length = (/** @type {number[]} */ pattern) => pattern.reduce((sum, ms) => sum + ms, 0);
  assert.ok(length(real.vibrate) > 2 * length(exercise.vibrate));
  assert.notEqual(real.icon, exercise.icon);
  assert.equal(exercise.requireInteraction, false);
});

test("what cannot be read, and what is no alert, is shown all the same and confirmed to no one", async () => {
  const { push, click, shown, asked, opened, kept } = browser(stored());

  await push("{broken");
  await push("{}");
  await push({ ...PUSHED, alert_id: null, incident_id: null, circle_id: null });
  await click(shown[2].data);

  assert.equal(shown.length, 3);
  assert.equal(shown[2].title, PUSHED.head);
  assert.deepEqual([asked, opened, kept.has("pushed-alerts")], [[], ["/"], false]);
});

test("an alert is shown also where storage is full and no network is there", async () => {
  const { push, shown } = browser(
    () => {
      throw new TypeError("Failed to fetch");
    },
    { full: true },
  );

  await push(PUSHED);

  assert.equal(shown.length, 1);
});

test("a tap opens the page at the alert, by ids alone", async () => {
  const { click, opened } = browser(stored());

  await click(PUSHED);

  assert.deepEqual(opened, [`/#alert=${PUSHED.alert_id}&circle=${PUSHED.circle_id}`]);
});

test("a tap brings a page that is open to the front, the visible one first", async () => {
  const told = [];
  const page = (/** @type {string} */ visibilityState) => ({
    visibilityState,
    postMessage: (/** @type {any} */ message) => told.push([visibilityState, message]),
    focus: async () => told.push([visibilityState, "focus"]),
  });
  const { click, opened } = browser(stored(), { pages: [page("hidden"), page("visible")] });

  await click(PUSHED);

  assert.deepEqual(told, [["visible", { type: "show_alert", alert: PUSHED }], ["visible", "focus"]]);
  assert.deepEqual(opened, []);
});

test("an answer on the notification needs no page, unless the server does not take it", async () => {
  const taken = browser(stored());
  await taken.click(PUSHED, "accepted");
  assert.deepEqual([taken.asked.length, taken.opened], [1, []]);

  const refused = browser(stored({ ok: false }));
  await refused.click(PUSHED, "declined");
  assert.equal(refused.opened.length, 1);
});

test("only the last alerts are kept for the page", async () => {
  const { push, kept } = browser(stored());

  for (let n = 0; n < 8; n += 1) await push({ ...PUSHED, alert_id: `a${n}` });

  assert.deepEqual([...kept.get("pushed-alerts").keys()], ["a3", "a4", "a5", "a6", "a7"].map((id) => `/pushed-alerts/${id}`));
});

test("a page that a notification opens has the alert in it before any script has run, and no markup of others", async () => {
  const page = (/** @type {string} */ path) => new Response(path === "/" ? '<body><main class="starting" id="starting"><h1>x</h1>' : "", { headers: { ETag: "1", "X-Kept": "yes" } });
  const { happen, push, get } = browser(page);
  await happen("install");
  await push({ ...PUSHED, head: "火情 · <img src=x>", lines: ["步行 4 分钟 & 从北门进"], exercise: true, severity: 'red"><b' });

  assert.equal((await get("/#alert=unknown", "navigate")).headers.get("ETag"), "1");
  const answer = await get(`/#alert=${PUSHED.alert_id}&circle=${PUSHED.circle_id}`, "navigate");
  const text = await answer.text();
  assert.ok(text.includes('id="starting"><section class="pushed-notice severity-red&#34;&#62;&#60;b" data-exercise role="alert"><h2>火情 · &#60;img src=x&#62;</h2>'));
  assert.ok(text.includes("<p>步行 4 分钟 &#38; 从北门进</p></div></section><h1>x</h1>"));
  assert.deepEqual([answer.headers.get("ETag"), answer.headers.get("X-Kept")], [null, "yes"]);
});
