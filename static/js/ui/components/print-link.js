// A file that the server prints, which takes a while and may not be possible there: then the page says why.

import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { saveFile } from "../../lib/save-file.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "./element.js";
import { icon } from "./icon.js";

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

customElements.define("er-print-link", PrintLink);
