// The replay of a drill that was begun, as a page or as a file that opens without network, and the report on one that is over.

import { resultAddress, saveResult } from "../../../actions/drills/replay-address.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";

const BEGUN = new Set(["running", "paused", "ended"]);

/**
 * @param {import("../../../types/page.js").Model} model
 * @param {{ id: string, state: string } | null} drill
 */
export function replayLinks({ live, language }, drill) {
  if (!drill || !BEGUN.has(drill.state) || !may(live.viewer, "see_drill_plan")) return nothing;
  return html`<er-replay-links data-part="replay" .drillId=${drill.id} .isOver=${drill.state === "ended"} .exports=${may(live.viewer, "export")} .language=${language}></er-replay-links>`;
}

class ReplayLinks extends Element {
  static properties = { drillId: {}, isOver: { type: Boolean }, exports: { type: Boolean }, language: {}, names: { state: true }, printing: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.drillId = "";
    this.isOver = false;
    /** Whether the viewer may take names out in a report. */
    this.exports = false;
    this.language = "";
    this.names = false;
    this.printing = false;
    /** @type {string | null} */
    this.problem = null;
  }

  render() {
    const { language, names } = this;
    const replay = (/** @type {boolean} */ download) => resultAddress(this.drillId, "replay.html", { language, names, download });
    const report = (/** @type {"report.html" | "report.pdf"} */ file) => resultAddress(this.drillId, file, { language, names: names && this.exports });
    return html`
      <h3>${t("rehearse.replay")}</h3>
      ${this.isOver ? nothing : html`<p class="muted">${t("rehearse.replay_so_far")}</p>`}
      <label class="choice"><input type="checkbox" .checked=${this.names} @change=${(/** @type {Event} */ event) => (this.names = /** @type {HTMLInputElement} */ (event.target).checked)} /><span>${t("rehearse.with_names")}</span></label>
      <a class="button" href=${replay(false)} target="_blank" rel="noopener">${icon("clock")}<span>${t("rehearse.replay_open")}</span></a>
      <a class="button" href=${replay(true)} download>${icon("down")}<span>${t("rehearse.replay_download")}</span></a>
      ${this.isOver
        ? html`<a class="button" href=${report("report.html")} target="_blank" rel="noopener">${icon("copy")}<span>${t("rehearse.report_page")}</span></a>
            <a class="button" href=${report("report.pdf")} aria-disabled=${this.printing} @click=${(/** @type {Event} */ event) => this.#print(event, report("report.pdf"))}>${icon("copy")}<span>${t(this.printing ? "rehearse.report_printing" : "rehearse.report_pdf")}</span></a>`
        : nothing}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
    `;
  }

  /**
   * Where no PDF can be made, the page says why.
   * @param {Event} event
   * @param {string} address
   */
  async #print(event, address) {
    event.preventDefault();
    if (this.printing) return;
    [this.printing, this.problem] = [true, null];
    try {
      await saveResult(address);
    } catch (error) {
      this.problem = errorWords(codeOf(error));
    } finally {
      this.printing = false;
    }
  }
}

customElements.define("er-replay-links", ReplayLinks);
