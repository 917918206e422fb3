// A file that the server prints, which takes a while and may not be possible there: then the page says why.

import { saveResult } from "../../../actions/drills/replay-address.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";

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
      <a class="button" href=${this.address} aria-disabled=${this.printing} @click=${this.#print}>${icon("copy")}<span>${this.printing ? t("drills.printing") : this.words}</span></a>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
    `;
  }

  /** @param {Event} event */
  async #print(event) {
    event.preventDefault();
    if (this.printing) return;
    [this.printing, this.problem] = [true, null];
    try {
      await saveResult(this.address);
    } catch (error) {
      this.problem = errorWords(codeOf(error));
    } finally {
      this.printing = false;
    }
  }
}

customElements.define("er-print-link", PrintLink);
