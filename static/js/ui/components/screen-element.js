// What the screens about accounts and people have in common: they ask the server, say what is missing, and stay true.

import { leaveAccount } from "../../actions/accounts/leave-account.js";
import { showOverview } from "../../actions/map/navigation.js";
import { problemOf, problemWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { everySeconds } from "../../lib/ticks.js";
import { html } from "../../lib/vendor.js";
import { toast } from "../../state/model.js";
import { Element } from "./element.js";

/** What others do shows by itself while the screen is open. */
const ASK_AGAIN_S = 30;

/** @template T */
export class ScreenElement extends Element {
  /** @type {Record<string, object>} */
  static properties = {
    model: { attribute: false },
    value: { state: true },
    problem: { state: true },
    refused: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Model} */
    this.model = /** @type {any} */ (null);
    /** @type {T | null} */
    this.value = null;
    /** @type {import("../../types/page.js").Problem | null} why there is nothing to show */
    this.problem = null;
    /** @type {string | null} why what was asked for was not done */
    this.refused = null;
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = everySeconds(ASK_AGAIN_S, () => document.visibilityState === "visible" && void this.load());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.();
  }

  firstUpdated() {
    // A screen reader says that the screen has changed.
    this.#focusTitle();
    void this.load();
  }

  #focusTitle() {
    /** @type {HTMLElement | null} */ (this.querySelector("#screen-title"))?.focus();
  }

  get circleId() {
    return this.model.circleId ?? "";
  }

  /**
   * @returns {Promise<T>}
   */
  ask() {
    throw new Error("every screen asks for something of its own");
  }

  async load() {
    try {
      this.value = await this.ask();
      this.problem = null;
    } catch (error) {
      const problem = problemOf(error);
      if (!leftBehind(problem.code)) this.problem = problem;
    }
  }

  /**
   * Do something, say that it is done, and show what is true afterwards.
   * @param {() => Promise<unknown>} act
   * @param {string} [done]
   * @returns {Promise<boolean>} whether it was done
   */
  async run(act, done) {
    if (this.busy) return false;
    this.busy = true;
    this.refused = null;
    try {
      await act();
    } catch (error) {
      const problem = problemOf(error);
      if (!leftBehind(problem.code)) this.refused = problemWords(problem);
      return false;
    } finally {
      this.busy = false;
    }
    if (done) toast(done);
    await this.load();
    await this.updateComplete;
    // What had the focus may be gone with what was removed.
    if (this.isConnected && !this.contains(document.activeElement)) this.#focusTitle();
    return true;
  }

  /**
   * @param {(value: T) => unknown} shown
   */
  whenLoaded(shown) {
    if (this.value !== null) return shown(this.value);
    if (!this.problem) return html`<p class="muted" role="status">${t("screens.loading")}</p><div class="progress"></div>`;
    return html`
      <p class="problem" role="alert">${problemWords(this.problem)}</p>
      <button class="button" @click=${() => this.load()}>${t("failed.again")}</button>
    `;
  }
}

/**
 * A person whose session was ended or whose role was changed leaves a screen they may not see.
 * @param {string} code
 */
function leftBehind(code) {
  if (code === "not_allowed") {
    showOverview();
    toast(t("error.not_allowed"), "problem");
    return true;
  }
  if (code !== "not_signed_in") return false;
  leaveAccount();
  return true;
}
