// A file that the server prints, which takes a while and may not be possible there: then the page says why.

import { download } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "./element.js";
import { icon } from "./icon.js";

/** Printing takes a while, and one file waits for another. */
const TIMEOUT_MS = 180_000;

class PrintLink extends Element {
  static properties = { address: {}, words: {}, printing: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.address = "";
    this.words = "";
    this.printing = false;
    /** @type {string | null} */
    this.problem = null;
  }

  render() {
    return html`
      <a class="button" href=${this.address} aria-disabled=${this.printing} @click=${this.#print}>${icon("copy")}<span>${this.printing ? t("print.under_way") : this.words}</span></a>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
    `;
  }

  /** @param {Event} event */
  async #print(event) {
    event.preventDefault();
    if (this.printing) return;
    [this.printing, this.problem] = [true, null];
    try {
      await saveFile(this.address);
    } catch (error) {
      this.problem = errorWords(codeOf(error));
    } finally {
      this.printing = false;
    }
  }
}

/**
 * What the server answers instead is thrown, to be said in words.
 * @param {string} address  with /api
 */
async function saveFile(address) {
  const { content, name } = await download(address.replace(/^\/api/, ""), TIMEOUT_MS);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

customElements.define("er-print-link", PrintLink);
