// Before anything else, and without modules: what does not arrive is asked for again until the page has opened.
// A module that failed once stays failed for the whole document, so the document is loaded again; never before the
// server answers, for a browser's own error page has no 119, 120, 110.

(() => {
  const TRIES = "responder.tries";
  const STALLED_MS = 20_000;
  let waiting = false;

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
      const answer = await fetch("/js/main.js", { cache: "reload", signal: AbortSignal.timeout(8000) });
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
