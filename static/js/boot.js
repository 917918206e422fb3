// Before anything else, and without modules: asks for what the scripts will need first, so that it comes beside them, and
// asks again for what does not arrive until the page has opened.
// A module that failed once stays failed for the whole document, so the document is loaded again; never before the
// server answers, for a browser's own error page has no 119, 120, 110.

(() => {
  const TRIES = "responder.tries";
  const STALLED_MS = 20_000;
  let waiting = false;

  /** @param {string} key */
  function kept(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  }

  /**
   * Code that waits for it later sees how it failed; until then that is no error of the page.
   * @template T
   * @param {Promise<T>} asked
   */
  function quietly(asked) {
    asked.catch(() => {});
    return asked;
  }

  /** Words, who is signed in and how things stand, and the socket: three requests at once in place of one after the other. */
  function ask() {
    const language = kept("responder.language") === "en" ? "en" : "zh-CN";
    const words = document.querySelector(`meta[name="words-${language}"]`)?.getAttribute("content");
    const circleId = new URLSearchParams(location.hash.slice(1)).get("circle") ?? kept("responder.circle");
    const start = fetch("/api/start", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ circle_id: circleId }),
      credentials: "same-origin",
      cache: "no-store",
      signal: AbortSignal.timeout(15_000),
    });
    globalThis.early = {
      language,
      words: words ? quietly(fetch(words)) : null,
      circleId,
      start: quietly(start),
      // Only where somebody was signed in last time: it waits for the ticket that the answer above holds.
      socket: circleId && kept(`responder.kept.${circleId}`) ? socketTo(kept("responder.live_url")) : null,
    };
  }

  /** @param {string | null} url */
  function socketTo(url) {
    try {
      return url && navigator.onLine ? new WebSocket(url) : null;
    } catch {
      return null;
    }
  }

  const opened = () => document.getElementById("starting") === null;

  /** @returns {number} */
  function tries() {
    try {
      return Number(sessionStorage.getItem(TRIES)) || 0;
    } catch {
      return 0;
    }
  }

  /** @param {number} count */
  function note(count) {
    try {
      sessionStorage.setItem(TRIES, String(count));
    } catch {
      // Without it every wait is the first one.
    }
  }

  async function again() {
    waiting = false;
    if (opened()) return note(0);
    try {
      const answer = await fetch(String(document.querySelector("script[type=module]")?.getAttribute("src")), { cache: "reload", signal: AbortSignal.timeout(8000) });
      if (answer.ok && (await fetch("/", { cache: "reload", signal: AbortSignal.timeout(8000) })).ok) {
        note(tries() + 1);
        return location.reload();
      }
    } catch {
      // No network yet.
    }
    later();
  }

  function later() {
    if (waiting || opened()) return;
    waiting = true;
    setTimeout(again, Math.min(1000 * 2 ** tries(), 15_000));
  }

  /** @param {HTMLLinkElement} link */
  function reloadStyles(link) {
    setTimeout(() => {
      const fresh = /** @type {HTMLLinkElement} */ (link.cloneNode());
      const url = new URL(link.href);
      url.searchParams.set("again", String(Number(url.searchParams.get("again")) + 1));
      fresh.href = url.href;
      link.replaceWith(fresh);
    }, 2000);
  }

  ask();
  addEventListener(
    "error",
    ({ target }) => {
      if (target instanceof HTMLLinkElement && target.rel === "stylesheet") return reloadStyles(target);
      if (target instanceof HTMLScriptElement || target === window) later();
    },
    true,
  );
  addEventListener("unhandledrejection", later);
  // Without network the link itself would lead to the browser's own page.
  addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-again]")) return;
    event.preventDefault();
    void again();
  });
  addEventListener("online", () => !opened() && void again());

  // A part that hangs is no error: nothing has come for a while, and nothing is open.
  let known = -1;
  const watching = setInterval(() => {
    if (opened()) {
      note(0);
      return clearInterval(watching);
    }
    const arrived = performance.getEntriesByType("resource").length;
    if (arrived === known) later();
    known = arrived;
  }, STALLED_MS);
})();
