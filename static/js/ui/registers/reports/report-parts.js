// What a report shows wherever it is listed: what, where, when, a few words and a picture.

import { reportPhoto } from "../../../actions/registers/reports.js";
import { dayAndTime } from "../../../lib/format.js";
import { language, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { picture } from "../../components/picture.js";

/** @typedef {import("../../../types/reports.js").Report} Report */

/** @param {Report} report */
export const placeOf = ({ place, place_en }) => (language() === "en" && place_en ? place_en : place) || t("reports.by_position");

/** @param {Report} report */
export const reportSaid = (report) => html`
  <div class="report-said">
    ${report.has_photo ? picture(reportPhoto(report.id), t("reports.photo")) : nothing}
    <div>
      <strong>${t(`report_kind.${report.kind}`)}</strong>
      <small>${placeOf(report)} · ${dayAndTime(report.reported_at)}</small>
      ${report.text ? html`<p><bdi>${report.text}</bdi></p>` : nothing}
    </div>
  </div>
`;

/**
 * @param {string} words
 * @param {boolean} checked
 * @param {(checked: boolean) => void} put
 */
export const tick = (words, checked, put) => html`
  <label class="choice"
    ><input type="checkbox" .checked=${checked} @change=${(/** @type {Event} */ event) => put(/** @type {HTMLInputElement} */ (event.target).checked)} /><span>${words}</span></label
  >
`;
