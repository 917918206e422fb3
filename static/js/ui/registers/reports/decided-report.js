// A report that was decided on: what became of it, what the public sees of it, and taking out what names someone.

import { removeContent, showPublicly } from "../../../actions/registers/reports.js";
import { showThing } from "../../../actions/map/navigation.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { refresh } from "../../../state/resources.js";
import { Element } from "../../components/element.js";
import "../../components/confirm-button.js";
import { reportSaid, tick } from "./report-parts.js";

class DecidedReport extends Element {
  static properties = { listed: { attribute: false }, language: {}, problem: { state: true } };

  constructor() {
    super();
    /** @type {import("../../../types/reports.js").ListedReport} */
    this.listed = /** @type {any} */ (null);
    this.language = "";
    /** @type {string | null} */
    this.problem = null;
  }

  render() {
    const { report, progress } = this.listed;
    const hazard = report.hazard_id;
    return html`
      <article class="report-card">
        ${reportSaid(report)}
        <p>
          <strong>${t(`report_progress.${progress}`)}</strong>
          ${report.reason ? html`<small>${t(`report_reason.${report.reason}`)}</small>` : nothing}
          <small class="muted">${report.decided_by_name}</small>
        </p>
        ${hazard && progress !== "removed" ? html`<button class="button" @click=${() => showThing("hazard", hazard)}>${t("reports.to_hazard")}</button>` : nothing}
        ${report.state === "accepted" && report.text ? tick(t("reports.show_text"), report.shows_text, (shows_text) => this.#show({ shows_text })) : nothing}
        ${report.state === "accepted" && report.has_photo ? tick(t("reports.show_photo"), report.shows_photo, (shows_photo) => this.#show({ shows_photo })) : nothing}
        ${report.text || report.has_photo ? html`<er-confirm-button .words=${t("reports.remove_content")} .act=${() => this.#ask(() => removeContent(report.id))}></er-confirm-button>` : nothing}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      </article>
    `;
  }

  /** @param {{ shows_text?: boolean, shows_photo?: boolean }} change */
  #show(change) {
    const { id, shows_text, shows_photo } = this.listed.report;
    void this.#ask(() => showPublicly(id, { shows_text, shows_photo, ...change }));
  }

  /** @param {() => Promise<unknown>} act */
  async #ask(act) {
    this.problem = null;
    try {
      await act();
    } catch (error) {
      this.problem = errorWords(codeOf(error));
    }
    refresh("decidedReports");
  }
}

customElements.define("er-decided-report", DecidedReport);
