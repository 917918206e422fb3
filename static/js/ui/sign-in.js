// Signing in.

import { chooseLanguage } from "../actions/preferences.js";
import { signIn } from "../actions/sign-in.js";
import { codeOf, errorWords } from "../errors.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor.js";
import { Element } from "./element.js";
import { emergencyNumbers } from "./emergency-numbers.js";

class SignIn extends Element {
  static properties = { language: {}, problem: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.language = "";
    /** @type {string | null} */
    this.problem = null;
    this.busy = false;
  }

  render() {
    const other = this.language === "en" ? "zh-CN" : "en";
    return html`
      <main class="alone">
        <form class="card sign-in" method="post" @submit=${this.#submit}>
          <img src="/icon.svg" alt="" width="72" height="72" />
          <h1>${t("app.title")}</h1>
          <p class="muted">${t("app.promise")}</p>
          <label>${t("sign_in.username")} <input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100" /></label>
          <label>
            ${t("sign_in.password")}
            <input name="password" type="password" autocomplete="current-password" required maxlength="200" />
          </label>
          ${this.problem ? html`<p class="problem" role="alert">${errorWords(this.problem)}</p>` : nothing}
          <button class="button primary big" ?disabled=${this.busy}>${this.busy ? t("sign_in.busy") : t("sign_in.enter")}</button>
          <button class="button quiet" type="button" @click=${() => chooseLanguage(other)}>${t("menu.other_language")}</button>
          ${emergencyNumbers()}
        </form>
      </main>
    `;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    this.busy = true;
    this.problem = null;
    try {
      await signIn(String(given.get("username")).trim(), String(given.get("password")));
    } catch (error) {
      this.problem = codeOf(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("er-sign-in", SignIn);
