// A picture as a small one that opens over everything, and closes by a tap on it.

import { html } from "../../lib/vendor.js";
import { t } from "../../lib/i18n.js";
import { model } from "../../state/model.js";

/**
 * @param {string} src
 * @param {string} words  what it is
 * @param {string} [small]  what is shown until it is opened
 */
export function picture(src, words, small = src) {
  const open = (/** @type {Event} */ event) => {
    event.preventDefault();
    enlarge(src, words);
  };
  // A link works in a form that is disabled as well.
  return html`<a class="thumb" href=${src} target="_blank" rel="noopener" aria-label=${t("picture.enlarge", { what: words })} @click=${open}><img src=${small} alt=${words} loading="lazy" /></a>`;
}

/**
 * @param {string} src
 * @param {string} words
 */
function enlarge(src, words) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "picture", ariaLabel: words });
  // What is looked at instead, such as a real alert, is not hidden behind it.
  const stop = model.listen(() => dialog.close(), ["view", "phase"]);
  dialog.addEventListener("close", () => {
    stop();
    dialog.remove();
  });
  dialog.addEventListener("click", () => dialog.close());
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: t("action.close") });
  dialog.append(Object.assign(document.createElement("img"), { src, alt: words }), close);
  document.body.append(dialog);
  dialog.showModal();
}
