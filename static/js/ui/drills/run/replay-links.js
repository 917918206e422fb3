// The replay of a drill that was begun, as a page or as a file that opens without network, and the report on one that is over.

import { resultAddress } from "../../../actions/drills/replay-address.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";
import "../../components/print-link.js";

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
  static properties = { drillId: {}, isOver: { type: Boolean }, exports: { type: Boolean }, language: {}, names: { state: true } };

  constructor() {
    super();
    this.drillId = "";
    this.isOver = false;
    /** Whether the viewer may take names out in a report. */
    this.exports = false;
    this.language = "";
    this.names = false;
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
            <er-print-link .address=${report("report.pdf")} .words=${t("rehearse.report_pdf")}></er-print-link>`
        : nothing}
    `;
  }
}

customElements.define("er-replay-links", ReplayLinks);
