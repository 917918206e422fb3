// Keeps the page whole on the device, so that it opens without network, and shows alerts that come while it is closed.
// Answers of the API are never kept.
//
// The build writes `const SHELL = { version, files, words }` before this: every file that the page needs, with its hash,
// and which of them are words of a language. All of them are one version: an old page never meets new modules. Another
// version is another worker, which takes over when it has every file; on the first visit the words of the other language
// come later. The files of the version before stay one version longer, for pages that are still open with it.

/* global SHELL */

const PREFIX = "shell-";
const CACHE = `${PREFIX}${SHELL.version}`;
const NEVER_KEPT = ["/api/", "/live", "/healthz", "/readyz", "/metrics"];
/** Fewer than a browser has connections: what the page itself asks for comes in between. */
const AT_ONCE = 2;
/** Waits before a file that did not arrive whole is asked for again, in milliseconds. */
const AGAIN_MS = [500, 2000, 6000];

self.addEventListener("install", (event) => {
  event.waitUntil(keepAtFirst().then(() => self.skipWaiting()));
});

// The page says when nothing else uses the line.
self.addEventListener("message", (event) => {
  if (event.data?.type === "keep_rest") event.waitUntil(keepWhole().catch(() => {}));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(leaveOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const ours = url.origin === self.location.origin && request.method === "GET";
  if (!ours || NEVER_KEPT.some((path) => url.pathname.startsWith(path))) return;
  const answer = request.mode === "navigate" ? keptPage(url) : kept(url.pathname);
  event.respondWith(answer.then((found) => found ?? fetched(request, url.pathname)));
});

/** A part that few need is kept from then on by those who do: who takes part in a drill may lose the network in a stairwell. */
async function fetched(request, path) {
  const answer = await fetch(request);
  if (answer.ok && path.startsWith("/assets/") && !(path in SHELL.files)) {
    const copy = answer.clone();
    void caches.open(CACHE).then((cache) => cache.put(path, copy)).catch(() => {});
  }
  return answer;
}

/** On the first visit, of the words only those that the page has just loaded itself: a person waits for an alert. */
async function keepAtFirst() {
  const isFirst = !(await caches.keys()).some((name) => name.startsWith(PREFIX) && name !== CACHE);
  const loaded = isFirst ? await Promise.all(SHELL.words.map(keepLoaded)) : [];
  await keepWhole(loaded.includes(true) ? SHELL.words : []);
}

/** @returns {Promise<boolean>} whether the browser had the file, and this has it now */
async function keepLoaded(path) {
  try {
    const answer = await fetch(path, { integrity: SHELL.files[path], cache: "only-if-cached", mode: "same-origin" });
    if (answer.ok) await (await caches.open(CACHE)).put(path, answer);
    return answer.ok;
  } catch {
    return false;
  }
}

/** What has arrived stays when the rest fails: the next try asks for the rest only. */
async function keepWhole(later = []) {
  const cache = await caches.open(CACHE);
  const due = Object.entries(SHELL.files).filter(([path]) => !later.includes(path));
  const work = async () => {
    for (let next = due.shift(); next; next = due.shift()) {
      const [path, integrity] = next;
      if (!(await cache.match(path))) await keep(cache, path, integrity);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** A file that was cut, or is of another version, does not have the hash and counts as not arrived. */
async function keep(cache, path, integrity) {
  // What has a hash in its name is what the page has just loaded itself.
  const first = path.startsWith("/assets/") ? "default" : "no-cache";
  for (const wait of [...AGAIN_MS, null]) {
    try {
      const answer = await fetch(path, { integrity, priority: "low", cache: wait === AGAIN_MS[0] ? first : "reload" });
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return await cache.put(path, answer);
    } catch (error) {
      if (error.name === "QuotaExceededError") await caches.delete(CACHE);
      if (wait === null || error.name === "QuotaExceededError") throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

/** Of the earlier versions the last one that was whole stays. */
async function leaveOld() {
  const names = await caches.keys();
  // In the order in which they were made.
  const earlier = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(earlier.slice(0, -1).map((name) => caches.delete(name)));
}

/** The page is of this version; a part that has a hash in its name may be asked for by a page of the one before. */
async function kept(path) {
  try {
    const own = await (await caches.open(CACHE)).match(path);
    return own ?? (path.startsWith("/assets/") ? await caches.match(path) : undefined);
  } catch {
    return undefined;
  }
}

/** The page; with the alert of the notification that opens it already in it, to be seen before any script has run. */
async function keptPage({ hash }) {
  const alertId = new URLSearchParams(hash.slice(1)).get("alert");
  const [page, said] = await Promise.all([kept("/"), alertId ? pushedAlert(alertId) : null]);
  if (!page || !said) return page;
  const headers = new Headers(page.headers);
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  return new Response((await page.text()).replace(STARTING, (start) => start + noticeOf(said)), { headers });
}

// --- Notifications: docs/protocol.md, section 9.

const STARTING = /<main [^>]*id="starting">/;
const escaped = (words) => String(words).replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);
/** As js/ui/incident/pushed-alert.js draws it where a person has to sign in first. */
const noticeOf = ({ severity, exercise, head, lines }) =>
  `<section class="pushed-notice severity-${escaped(severity)}"${exercise ? " data-exercise" : ""} role="alert">` +
  `<h2>${escaped(head)}</h2><div class="pushed-lines">${lines.map((line) => `<p>${escaped(line)}</p>`).join("")}</div></section>`;

/** The same as in js/lib/pushed-alerts.js. */
const PUSHED = "pushed-alerts";
/** A real alert is felt through a jacket; an exercise is told apart without looking. */
const VIBRATES = { real: [600, 200, 600, 200, 600, 200, 600], exercise: [200, 150, 200] };
const ANSWERS = ["accepted", "declined"];
const UNREADABLE = { head: "15分钟应急响应圈 · Emergency response circle", lines: ["请打开页面查看 · Open the page"] };

self.addEventListener("push", (event) => {
  event.waitUntil(showPushed(read(event.data)));
});

self.addEventListener("notificationclick", (event) => {
  const { notification, action } = event;
  notification.close();
  event.waitUntil(clicked(notification.data ?? {}, action));
});

/** A push must show something, also when it cannot be read: browsers withdraw the right to push otherwise. */
function read(data) {
  try {
    const said = data.json();
    return typeof said.head === "string" && Array.isArray(said.lines) ? said : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

async function showPushed(said) {
  const { alert_id, incident_id, exercise = false, severity, head, lines, actions = [] } = said;
  if (alert_id) await keepPushed(said);
  await self.registration.showNotification(head, {
    body: lines.join("\n"),
    // What is newer about the same incident takes the place of what was said before, and rings again.
    tag: incident_id ?? "message",
    renotify: true,
    requireInteraction: Boolean(alert_id) && !exercise && severity !== "blue",
    vibrate: exercise ? VIBRATES.exercise : VIBRATES.real,
    icon: exercise ? "/icons/exercise-192.png" : "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    lang: said.lang ?? "zh-CN",
    actions: actions.filter(({ action }) => ANSWERS.includes(action)),
    data: said,
  });
  if (alert_id) await receipt(said, "delivered");
}

/** The page shows the alert by this, before anything else comes. Only the last ones are worth it. */
async function keepPushed(said) {
  try {
    const cache = await caches.open(PUSHED);
    await cache.put(`/pushed-alerts/${encodeURIComponent(said.alert_id)}`, new Response(JSON.stringify(said)));
    const earlier = await cache.keys();
    await Promise.all(earlier.slice(0, -5).map((request) => cache.delete(request)));
  } catch {
    // Storage is full: the page asks the server.
  }
}

async function pushedAlert(alertId) {
  try {
    const cache = await caches.open(PUSHED);
    return await (await cache.match(`/pushed-alerts/${encodeURIComponent(alertId)}`))?.json();
  } catch {
    return undefined;
  }
}

async function clicked(said, action) {
  if (!said.alert_id) return open("/");
  if (ANSWERS.includes(action) && (await receipt(said, action))) return undefined;
  return open(`/#${new URLSearchParams({ alert: said.alert_id, circle: said.circle_id })}`, said);
}

/** A page that is open comes to the front and is told; otherwise one is opened. */
async function open(address, said) {
  const pages = await self.clients.matchAll({ type: "window" });
  const page = pages.find(({ visibilityState }) => visibilityState === "visible") ?? pages[0];
  if (!page) return self.clients.openWindow(address);
  if (said) page.postMessage({ type: "show_alert", alert: said });
  return page.focus();
}

/** @returns {Promise<boolean>} whether the server has it; without a session or a network the page says it again */
async function receipt({ circle_id, alert_id }, state) {
  const body = { action_id: crypto.randomUUID(), state, at: new Date().toISOString(), device: "push" };
  try {
    const answer = await fetch(`/api/circles/${circle_id}/alerts/${alert_id}/receipts`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "same-origin",
      // A click may open a page for a few seconds only.
      signal: AbortSignal.timeout(3000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
