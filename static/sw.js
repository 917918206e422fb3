// Keeps the page whole on the device, so that it opens without network. Answers of the API are never kept.
//
// The server writes `const SHELL = { version, files }` before this: every file that the page needs, with its hash. All of
// them are one version: an old page never meets new modules. Another version is another worker, which takes over when it
// has every file.

/* global SHELL */

const CACHE = `shell-${SHELL.version}`;
const NEVER_KEPT = ["/api/", "/live", "/healthz", "/readyz", "/metrics"];
const AT_ONCE = 6;
/** Waits before a file that did not arrive whole is asked for again, in milliseconds. */
const AGAIN_MS = [500, 2000, 6000];

self.addEventListener("install", (event) => {
  event.waitUntil(keepWhole().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.origin === self.location.origin && request.method === "GET";
  if (!ours || NEVER_KEPT.some((path) => url.pathname.startsWith(path))) return;
  event.respondWith(kept(request.mode === "navigate" ? "/" : url.pathname).then((answer) => answer ?? fetch(request)));
});

/** What has arrived stays when the rest fails: the next try asks for the rest only. */
async function keepWhole() {
  const cache = await caches.open(CACHE);
  const due = Object.entries(SHELL.files);
  const work = async () => {
    for (let next = due.pop(); next; next = due.pop()) {
      const [path, integrity] = next;
      if (!(await cache.match(path))) await keep(cache, path, integrity);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A file that was cut, or is of another version, does not have the hash and counts as not arrived. */
async function keep(cache, path, integrity) {
  for (const wait of [...AGAIN_MS, null]) {
    try {
      const answer = await fetch(path, { integrity, cache: wait === AGAIN_MS[0] ? "no-cache" : "reload" });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return await cache.put(path, answer);
    } catch (error) {
      if (error.name === "QuotaExceededError") await caches.delete(CACHE);
      if (wait === null || error.name === "QuotaExceededError") throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function kept(path) {
  try {
    return await (await caches.open(CACHE)).match(path);
  } catch {
    return undefined;
  }
}
