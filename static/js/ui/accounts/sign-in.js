// Signing in.

import { chooseLanguage } from "../../actions/accounts/preferences.js";
import { signIn } from "../../actions/accounts/sign-in.js";
import { showInvitation } from "../../actions/accounts/invitations.js";
import { errorWords, problemOf } from "../../lib/errors.js";
import { stopwatch } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { everySeconds } from "../../lib/ticks.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { emergencyNumbers } from "../components/emergency-numbers.js";

class SignIn extends Element {
  static properties = { language: {}, invited: { type: Boolean }, notice: {}, problem: { state: true }, waitUntilMs: { state: true }, busy: { state: true } };

  constructor() {
    super();
    this.language = "";
    this.invited = false;
    /** @type {string | null} why it is necessary to sign in again */
    this.notice = null;
    /** @type {string | null} */
    this.problem = null;
    /** When the server listens to another try. */
    this.waitUntilMs = 0;
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = everySeconds(1, () => this.waitUntilMs > 0 && this.requestUpdate());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.();
  }

  render() {
    const other = this.language === "en" ? "zh-CN" : "en";
    const waitS = Math.ceil((this.waitUntilMs - Date.now()) / 1000);
    return html`
      <main class="alone">
        <form class="card sign-in" method="post" @submit=${this.#submit}>
          <img src="/icon.svg" alt="" width="72" height="72" />
          <h1>${t("app.title")}</h1>
          <p class="muted">${t("app.promise")}</p>
          ${this.notice ? html`<p class="problem" role="alert">${errorWords(this.notice)}</p>` : nothing}
          <label>${t("sign_in.username")} <input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100" /></label>
          <label>
            ${t("sign_in.password")}
            <input name="password" type="password" autocomplete="current-password" required maxlength="200" />
          </label>
          ${waitS > 0 ? html`<p class="problem" role="alert">${t("sign_in.locked")} <time aria-hidden="true">${stopwatch(waitS)}</time></p>` : nothing}
          ${waitS <= 0 && this.problem ? html`<p class="problem" role="alert">${errorWords(this.problem)}</p>` : nothing}
          <button class="button primary big" ?disabled=${this.busy || waitS > 0}>${this.#words(waitS)}</button>
          ${this.invited ? html`<button class="button" type="button" @click=${showInvitation}>${t("sign_in.back_to_invitation")}</button>` : nothing}
          <button class="button quiet" type="button" @click=${() => chooseLanguage(other)}>${t("menu.other_language")}</button>
          ${emergencyNumbers()}
        </form>
      </main>
    `;
  }

  /** @param {number} waitS */
  #words(waitS) {
    if (waitS > 0) return t("sign_in.wait", { time: stopwatch(waitS) });
    return t(this.busy ? "sign_in.busy" : "sign_in.enter");
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    this.busy = true;
    this.problem = this.notice = null;
    try {
      await signIn(String(given.get("username")).trim(), String(given.get("password")));
    } catch (error) {
      const { code, waitS } = problemOf(error);
      // Counted down, so that it is plain when to try again.
      if (code === "too_many_attempts" && waitS !== null) this.waitUntilMs = Date.now() + waitS * 1000;
      else this.problem = code;
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("er-sign-in", SignIn);
