// A new password for oneself.

import { changePassword } from "../../actions/accounts/sessions.js";
import { showScreen } from "../../actions/accounts/screens.js";
import { problemOf, problemWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { toast } from "../../state/model.js";
import { shortcoming } from "../../state/password-rules.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { newPasswordField } from "./new-password-field.js";
import { screen } from "../components/screen.js";

class Password extends Element {
  static properties = { model: { attribute: false }, problem: { state: true }, busy: { state: true }, seen: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Model} */
    this.model = /** @type {any} */ (null);
    /** @type {string | null} */
    this.problem = null;
    this.busy = false;
    this.seen = false;
  }

  firstUpdated() {
    /** @type {HTMLElement | null} */ (this.querySelector("#screen-title"))?.focus();
  }

  render() {
    const username = this.model.account?.username ?? "";
    const body = html`
      <form class="form" method="post" @submit=${this.#submit}>
        <p class="muted">${t("password.ends_others")}</p>
        <input class="unseen" name="username" autocomplete="username" .value=${username} readonly tabindex="-1" aria-hidden="true" />
        <label>
          ${t("password.current")}
          <input name="current" type="password" autocomplete="current-password" required maxlength="200" />
        </label>
        ${newPasswordField({ seen: this.seen, see: (seen) => (this.seen = seen) })}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <button class="button primary big" ?disabled=${this.busy}>${t(this.busy ? "password.changing" : "password.change")}</button>
      </form>
    `;
    return screen(this.model, "password", { body });
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = new FormData(form);
    const [current, wanted] = [String(given.get("current")), String(given.get("password"))];
    const short = shortcoming(wanted, this.model.account?.username ?? "");
    if (short) return void (this.problem = t(`password_rule.${short}`));
    this.busy = true;
    this.problem = null;
    try {
      await changePassword(current, wanted);
      form.reset();
      toast(t("password.changed"));
      showScreen("sessions");
    } catch (error) {
      this.problem = problemWords(problemOf(error));
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("er-password", Password);
