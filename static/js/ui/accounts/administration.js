// All circles of the installation, for those who run it: who coordinates each, and the next step where no one does.

import { administerCircle, listCircles } from "../../actions/accounts/administration.js";
import { chooseLanguage } from "../../actions/accounts/preferences.js";
import { showScreen } from "../../actions/accounts/screens.js";
import { signOut } from "../../actions/accounts/sign-in.js";
import { choose } from "../../actions/accounts/start.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";

/** @typedef {import("../../types/page.js").AdministeredCircle} AdministeredCircle */

/** @extends {ScreenElement<AdministeredCircle[]>} */
class Administration extends ScreenElement {
  ask() {
    return listCircles();
  }

  render() {
    const { account, circles, language } = this.model;
    const [own] = circles;
    return html`
      <main class="alone administration" aria-labelledby="screen-title">
        <div class="card">
          <h1 id="screen-title" tabindex="-1">${t("administration.title")}</h1>
          <p class="muted">${t("administration.means", { name: account?.name ?? "" })}</p>
          ${this.whenLoaded((all) => this.#all(all))}
          ${own ? html`<button class="row-button" @click=${() => choose(own.id)}>${icon("back")}<span>${t("administration.leave", { name: nameOf(own) })}</span></button>` : nothing}
          <button class="row-button" @click=${() => showScreen("sessions")}>${icon("key")}<span>${t("screens.mine")}</span></button>
          <button class="row-button" @click=${() => chooseLanguage(language === "en" ? "zh-CN" : "en")}>${icon("script")}<span>${t("menu.other_language")}</span></button>
          <button class="row-button" @click=${signOut}>${icon("back")}<span>${t("menu.sign_out")}</span></button>
        </div>
      </main>
    `;
  }

  /** @param {AdministeredCircle[]} all */
  #all(all) {
    if (all.length === 0) {
      return html`<p class="empty" role="status">${t("administration.none")}</p>
        <p>${t("administration.none_next")}</p>
        <code class="command">responder import osm ${t("administration.file")} --circle "${t("administration.name")}"</code>`;
    }
    return html`<ul class="rows">
      ${all.map((circle) => this.#row(circle))}
    </ul>`;
  }

  /** @param {AdministeredCircle} circle */
  #row(circle) {
    const { id, people, coordinators } = circle;
    const led = coordinators > 0;
    return html`
      <li class="row" data-led=${led}>
        <button class="row-button" @click=${() => administerCircle(id, led ? "people" : "invitations")}>
          ${icon(led ? "people" : "warning")}
          <span>
            <strong>${nameOf(circle)}</strong>
            <small>${led ? t("administration.people", { n: people, coordinators }) : t("administration.unled")}</small>
          </span>
        </button>
      </li>
    `;
  }
}

customElements.define("er-administration", Administration);
