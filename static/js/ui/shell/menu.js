// Account, people, language, day or night, sound, drill console, other circles.

import { administer } from "../../actions/accounts/administration.js";
import { chooseLanguage, chooseSound, chooseTheme } from "../../actions/accounts/preferences.js";
import { showScreen } from "../../actions/accounts/screens.js";
import { signOut } from "../../actions/accounts/sign-in.js";
import { choose } from "../../actions/accounts/start.js";
import { setDrill, showDrills, showLadders, showRegister } from "../../actions/map/navigation.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import { circleScreens } from "../components/screen.js";

/** @type {Readonly<Record<string, string>>} */
const SYMBOLS = Object.freeze({ people: "people", invitations: "plus", channels: "signal", imports: "up", audit: "shield" });
const THEMES = /** @type {const} */ (["auto", "dark", "light"]);

class Menu extends Element {
  static properties = { model: { attribute: false }, open: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Model | null} */
    this.model = null;
    this.open = false;
    this.shut = (/** @type {Event} */ event) => {
      const escaped = event instanceof KeyboardEvent && event.key === "Escape";
      const outside = event instanceof PointerEvent && !this.contains(/** @type {Node} */ (event.target));
      if (this.open && (escaped || outside)) this.open = false;
    };
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener("pointerdown", this.shut);
    addEventListener("keydown", this.shut);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener("pointerdown", this.shut);
    removeEventListener("keydown", this.shut);
  }

  render() {
    if (!this.model) return nothing;
    return html`
      <button class="square" aria-expanded=${this.open} aria-label=${t("menu.title")} @click=${() => (this.open = !this.open)}>
        ${icon(this.open ? "close" : "menu")}
      </button>
      ${this.open ? this.#items(this.model) : nothing}
    `;
  }

  /** @param {import("../../types/page.js").Model} model */
  #items(model) {
    const { live, circles, circleId, theme, sound, language, drill } = model;
    const others = circles.filter(({ id }) => id !== circleId);
    const role = live.viewer?.role;
    return html`
      <div class="menu card">
        <p><strong>${live.viewer?.name ?? model.account?.name ?? ""}</strong> ${role ? html`<small>${t(`role.${role}`)}</small>` : nothing}</p>
        ${others.length > 0
          ? html`<p class="muted">${t("menu.other_circles")}</p>
              ${others.map((circle) => this.#item("pin", nameOf(circle), () => choose(circle.id)))}`
          : nothing}
        ${model.account?.admin ? this.#item("people", t("administration.title"), administer) : nothing}
        ${may(live.viewer, "raise_exercise")
          ? this.#item("drill", drill ? t("drill.leave") : t("drill.enter"), () => setDrill(!drill), "exercise")
          : nothing}
        ${this.#item("calendar", t("drills.title"), () => showDrills())}
        ${this.#item("check", t("registers.title"), () => showRegister("home"))}
        ${may(live.viewer, "see_ladder") ? this.#item("clock", t("ladders.title"), showLadders) : nothing}
        ${circleScreens(model).map((id) => this.#item(SYMBOLS[id] ?? "people", t(`screen.${id}`), () => showScreen(id)))}
        ${may(live.viewer, "answer_alert") ? this.#item("alarm", t("screen.my_channels"), () => showScreen("my_channels")) : nothing}
        ${this.#item("key", t("screen.sessions"), () => showScreen("sessions"))}
        <fieldset class="segments">
          <legend>${t("menu.theme")}</legend>
          ${THEMES.map(
            (each) => html`<button aria-pressed=${theme === each} @click=${() => chooseTheme(each)}>${t(`menu.theme_${each}`)}</button>`,
          )}
        </fieldset>
        ${this.#item("sound", sound ? t("menu.sound_off") : t("menu.sound_on"), () => chooseSound(!sound))}
        ${this.#item("script", t("menu.other_language"), () => chooseLanguage(language === "en" ? "zh-CN" : "en"))}
        ${this.#item("back", t("menu.sign_out"), signOut)}
      </div>
    `;
  }

  /**
   * @param {string} name
   * @param {string} words
   * @param {() => unknown} act
   * @param {string} [look]
   */
  #item(name, words, act, look = "") {
    const click = () => {
      this.open = false;
      void act();
    };
    return html`<button class="row-button ${look}" @click=${click}>${icon(name)}<span>${words}</span></button>`;
  }
}

customElements.define("er-menu", Menu);
