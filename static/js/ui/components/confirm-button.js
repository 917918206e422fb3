// A button for what cannot be taken back: the second tap does it.

import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { Element } from "./element.js";

const ASKS_FOR_MS = 5000;

class ConfirmButton extends Element {
  static properties = { words: {}, act: { attribute: false }, disabled: { type: Boolean }, asking: { state: true } };

  constructor() {
    super();
    this.words = "";
    /** @type {() => unknown} */
    this.act = () => null;
    this.disabled = false;
    this.asking = false;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.asking = false;
  }

  render() {
    const words = this.asking ? t("end.really_do", { what: this.words }) : this.words;
    return html`
      <button class="button" type="button" data-asking=${this.asking} ?disabled=${this.disabled} @click=${this.#tap}>
        ${words}
      </button>
      <span class="unseen" role="status">${this.asking ? words : ""}</span>
    `;
  }

  #tap() {
    clearTimeout(this.timer);
    this.asking = !this.asking;
    if (this.asking) this.timer = setTimeout(() => (this.asking = false), ASKS_FOR_MS);
    else this.act();
  }
}

customElements.define("er-confirm-button", ConfirmButton);
