// The service worker keeps the page whole.

import assert from "node:assert/strict";
import { test } from "node:test";

import { browser, failing, FILES, MAIN, OTHER_WORDS, whole, WORDS } from "./worker.js";

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

test("a part that was asked for later is kept from then on", async () => {
  const { get, kept } = browser((/** @type {any} */ request) => ({ ...whole(request.url), clone: () => whole(request.url) }));

  await get("/assets/part-LATER.js");
  await get(MAIN);
  await new Promise((resolve) => setTimeout(resolve));

  assert.deepEqual([...(kept.get("shell-one")?.keys() ?? [])], ["/assets/part-LATER.js"]);
});
