// The code by which residents report: opened, printed, put another in its place, closed.

import { closeLink, loadLink, openLink, printed } from "../../../actions/registers/reports.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { Element } from "../../components/element.js";
import "../../components/confirm-button.js";

class ReportLink extends Element {
  static properties = { circleId: {}, language: {}, shown: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.circleId = "";
    this.language = "";
    /** @type {import("../../../types/reports.js").ShownReportLink | null} */
    this.shown = null;
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("circleId") || !this.circleId) return;
    this.shown = null;
    void this.#ask(loadLink);
  }

  render() {
    const { shown, problem } = this;
    return html`
      <section class="report-link" aria-label=${t("reports.link")}>
        <h3>${t("reports.link")}</h3>
        ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing} ${shown ? (shown.link ? this.#open(shown.link.path) : this.#closed()) : nothing}
      </section>
    `;
  }

  #closed() {
    return html`<p class="muted">${t("reports.link_closed")}</p>
      <button class="button" ?disabled=${this.sending} @click=${() => this.#ask(() => openLink(false))}>${t("reports.link_open")}</button>`;
  }

  /** @param {string} path */
  #open(path) {
    const code = `${printed("link.svg")}?of=${path.slice(-6)}`;
    const to = (/** @type {string} */ href, /** @type {string} */ words) => html`<a class="button" href=${href} target="_blank" rel="noopener">${words}</a>`;
    return html`
      <p class="muted">${t("reports.link_how")}</p>
      <div class="report-code">
        <img src=${code} alt=${t("reports.code")} width="160" height="160" />
        <div>${to(printed("poster.pdf"), t("reports.poster_pdf"))} ${to(printed("poster.html"), t("reports.poster_html"))} ${to(`/${path}`, t("reports.page"))} ${to(`/${path}/echo`, t("reports.echo"))}</div>
      </div>
      <er-confirm-button .words=${t("reports.link_renew")} .disabled=${this.sending} .act=${() => this.#ask(() => openLink(true))}></er-confirm-button>
      <er-confirm-button .words=${t("reports.link_close")} .disabled=${this.sending} .act=${() => this.#ask(closeLink)}></er-confirm-button>
    `;
  }

  /** @param {() => Promise<import("../../../types/reports.js").ShownReportLink>} ask */
  async #ask(ask) {
    const of = this.circleId;
    [this.sending, this.problem] = [true, null];
    try {
      const shown = await ask();
      if (this.circleId === of) this.shown = shown;
    } catch (error) {
      if (this.circleId === of) this.problem = errorWords(codeOf(error));
    } finally {
      this.sending = false;
    }
  }
}

customElements.define("er-report-link", ReportLink);
