// The service worker, which keeps the page whole. Without it the page only needs the network to open.

const AGAIN_MS = 30_000;
/** A new version that is there this soon replaces the old page, unless a person has touched it. */
const REPLACED_WITHIN_MS = 20_000;
/** The words of the other language come when the page has had all that it shows. */
const REST_AFTER_MS = 20_000;

export function keepShell() {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  if (serviceWorker.controller) {
    let touched = false;
    for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, () => (touched = true), { capture: true });
    serviceWorker.addEventListener("controllerchange", () => {
      if (!touched && performance.now() < REPLACED_WITHIN_MS) location.reload();
    });
  }
  const register = async () => {
    // Where not every file arrived there is no worker, and the rest is asked for again.
    const registration = await serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
    if (!registration?.active) setTimeout(register, AGAIN_MS);
    setTimeout(() => registration?.active?.postMessage({ type: "keep_rest" }), REST_AFTER_MS);
  };
  addEventListener("online", () => void register());
  void register();
}
