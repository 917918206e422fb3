// Keeps the page's shell on the device, so that it opens without network. Answers of the API are never kept.

const SHELL = "shell-1";
const SLOW_MS = 3000;
const NEVER_KEPT = ["/api/", "/live", "/healthz", "/readyz", "/metrics"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(["/", "/locales/zh-CN.json", "/locales/en.json"])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.origin === self.location.origin && request.method === "GET";
  if (!ours || NEVER_KEPT.some((path) => url.pathname.startsWith(path))) return;
  event.respondWith(fresh(request));
});

/** The network's answer; what is kept when it is slow, or not there. */
async function fresh(request) {
  const cache = await caches.open(SHELL);
  const key = request.mode === "navigate" ? "/" : request;
  const asked = fetch(request).then((answer) => {
    if (answer.ok) cache.put(key, answer.clone());
    return answer;
  });
  const kept = await cache.match(key);
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), SLOW_MS));
  return Promise.race([asked.catch(() => kept), late]);
}
