// A link to an invitation was followed: what it is for, and a way in with a new or a known account.

import { acceptInvitation, leaveInvitation, previewInvitation, signInForInvitation, signOutForInvitation } from "../../actions/accounts/invitations.js";
import { chooseLanguage } from "../../actions/accounts/preferences.js";
import { problemOf, problemWords } from "../../lib/errors.js";
import { dayAndTime } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { shortcoming } from "../../state/password-rules.js";
import { Element } from "../components/element.js";
import { emergencyNumbers } from "../components/emergency-numbers.js";
import { icon } from "../components/icon.js";
import { newPasswordField } from "./new-password-field.js";

/** @typedef {import("../../types/page.js").Account} Account */

class AcceptInvitation extends Element {
  static properties = {
    model: { attribute: false },
    card: { state: true },
    refused: { state: true },
    problem: { state: true },
    busy: { state: true },
    seen: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Model} */
    this.model = /** @type {any} */ (null);
    /** @type {import("../../types/page.js").InvitationCard | null} */
    this.card = null;
    /** @type {import("../../types/page.js").Problem | null} why the invitation cannot be shown */
    this.refused = null;
    /** @type {string | null} */
    this.problem = null;
    this.busy = false;
    this.seen = false;
  }

  firstUpdated() {
    void this.#preview();
  }

  get token() {
    return this.model.invitation?.token ?? "";
  }

  render() {
    const { account, language } = this.model;
    return html`
      <main class="alone">
        <section class="card accept">
          <img src="/icon.svg" alt="" width="72" height="72" />
          <h1>${this.card ? nameOf({ name: this.card.circle_name, name_en: this.card.circle_name_en }) : t("app.title")}</h1>
          ${this.refused ? this.#refused(this.refused) : this.card ? this.#card(this.card, account) : html`<p class="muted" role="status">${t("screens.loading")}</p>`}
          <button class="button quiet" type="button" @click=${() => chooseLanguage(language === "en" ? "zh-CN" : "en")}>${t("menu.other_language")}</button>
          ${emergencyNumbers()}
        </section>
      </main>
    `;
  }

  /** @param {import("../../types/page.js").Problem} problem */
  #refused(problem) {
    const final = problem.code === "invitation_refused";
    return html`
      <p class="problem" role="alert">${problemWords(problem)}</p>
      ${final ? nothing : html`<button class="button" @click=${this.#preview}>${t("failed.again")}</button>`}
      <button class="button" @click=${leaveInvitation}>${t(this.model.account ? "accept.go_on" : "accept.to_sign_in")}</button>
    `;
  }

  /**
   * @param {import("../../types/page.js").InvitationCard} card
   * @param {Account | null} account
   */
  #card({ role, partner_name, expires_at }, account) {
    return html`
      <p>${t("app.title")}<br />${t("accept.invites_you")}</p>
      <p class="accept-role"><strong>${t(`role.${role}`)}</strong>${partner_name ? html`<span>${partner_name}</span>` : nothing}</p>
      <p>${t(`accept.role_${role}`)}</p>
      <p class="muted">${t("accept.until", { time: dayAndTime(expires_at) })}</p>
      ${account ? this.#join(account) : this.#form()}
    `;
  }

  /** @param {Account} account */
  #join({ name, username }) {
    return html`
      ${this.#problem()}
      <button class="button primary big" ?disabled=${this.busy} @click=${() => this.#accept(null)}>${t("accept.join_as", { name, username })}</button>
      <button class="button" ?disabled=${this.busy} @click=${signOutForInvitation}>${t("accept.other_account")}</button>
      <button class="button quiet" @click=${leaveInvitation}>${t("accept.not_now")}</button>
    `;
  }

  #form() {
    return html`
      <form class="form" method="post" @submit=${this.#submit}>
        <label>${t("accept.name")} <input name="name" autocomplete="name" required maxlength="100" /></label>
        <label>
          ${t("sign_in.username")}
          <input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="100" aria-describedby="username-hint" />
        </label>
        <p class="muted" id="username-hint">${t("accept.username_hint")}</p>
        ${newPasswordField({ seen: this.seen, see: (seen) => (this.seen = seen) })}
        ${this.#problem()}
        <button class="button primary big" ?disabled=${this.busy}>${t(this.busy ? "accept.joining" : "accept.join")}</button>
      </form>
      <button class="button" @click=${signInForInvitation}>${icon("key")}<span>${t("accept.have_account")}</span></button>
    `;
  }

  #problem() {
    return this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing;
  }

  async #preview() {
    this.refused = null;
    try {
      this.card = await previewInvitation(this.token);
    } catch (error) {
      this.refused = problemOf(error);
    }
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const word = (/** @type {string} */ field) => String(given.get(field)).trim();
    const account = { username: word("username"), name: word("name"), password: String(given.get("password")) };
    const short = shortcoming(account.password, account.username);
    if (short) this.problem = t(`password_rule.${short}`);
    else void this.#accept(account);
  }

  /** @param {{ username: string, name: string, password: string } | null} account */
  async #accept(account) {
    if (this.busy) return;
    this.busy = true;
    this.problem = null;
    try {
      await acceptInvitation(this.token, account);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code === "invitation_refused") this.refused = problem;
      else this.problem = problem.code === "name_taken" ? t("accept.username_taken") : problemWords(problem);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("er-accept-invitation", AcceptInvitation);
