// Turnouts and speeds as they were in drills and alerts, beside those in force; a planner accepts them one by one.

import { acceptSpeed, acceptTurnout, calibration } from "../../../actions/drills/calibrate.js";
import { showDrills } from "../../../actions/map/navigation.js";
import { number, stopwatch } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { ScreenElement } from "../../components/screen-element.js";
import { viewHeader } from "../../components/view-header.js";
import "../../components/confirm-button.js";
import { unitName } from "../rehearsal/rehearsal-words.js";

/** @typedef {import("../../../types/rehearsal.js").ShownCalibration} ShownCalibration */

const FEWEST = 5;

/**
 * @param {import("../../../types/page.js").Model} model
 * @returns {import("../../../types/page.js").PanelView}
 */
export const calibrationView = (model) => ({
  body: html`
    ${viewHeader(t("calibrate.title"), { symbol: "clock", below: t("calibrate.means"), back: () => showDrills() })}
    <er-calibration .model=${model} .language=${model.language}></er-calibration>
  `,
});

/** @extends {ScreenElement<ShownCalibration>} */
class CalibrationElement extends ScreenElement {
  ask() {
    return calibration(this.circleId);
  }

  render() {
    return html`
      ${this.refused ? html`<p class="problem" role="alert">${this.refused}</p>` : nothing}
      ${this.whenLoaded((/** @type {ShownCalibration} */ shown) => this.#shown(shown))}
    `;
  }

  /** @param {ShownCalibration} shown */
  #shown({ calibration: { turnouts, speeds, held_out }, journeys, profiles_version }) {
    const accepts = may(this.model.live.viewer, "edit_map");
    return html`
      <p class="muted">${t("calibrate.from", { n: number(journeys.length) })}</p>
      ${turnouts.length + speeds.length === 0 ? html`<p data-part="none">${t("calibrate.none", { n: number(FEWEST) })}</p>` : nothing}
      ${turnouts.length > 0 ? html`<h3>${t("calibrate.turnouts")}</h3>` : nothing}
      <ul class="proposed">
        ${turnouts.map(({ unit_id, before_s, after_s, estimate: { n, low, high } }) =>
          row(
            { key: unit_id, name: unitName(this.model, unit_id), change: t("calibrate.change", { before: stopwatch(before_s), after: stopwatch(after_s) }), proof: t("calibrate.turnout_proof", { n: number(n), low: stopwatch(low), high: stopwatch(high) }) },
            accepts ? () => this.run(() => acceptTurnout(this.circleId, unit_id), t("calibrate.accepted")) : null,
          ),
        )}
      </ul>
      ${speeds.length > 0 ? html`<h3>${t("calibrate.speeds")}</h3>` : nothing}
      <ul class="proposed">
        ${speeds.map(({ profile, factor, estimate: { n, low, high } }) =>
          row(
            { key: profile, name: t(`profile.${profile}`), change: t("calibrate.factor", { percent: number(Math.round(factor * 100)) }), proof: t("calibrate.speed_proof", { n: number(n), low: twoPlaces(low), high: twoPlaces(high) }) },
            accepts ? () => this.run(() => acceptSpeed(this.circleId, profile, profiles_version), t("calibrate.accepted")) : null,
          ),
        )}
      </ul>
      ${held_out ? html`<p data-part="held-out"><strong>${t("calibrate.held_out", { before: number(Math.round(held_out.before_s)), after: number(Math.round(held_out.after_s)) })}</strong><small>${t("calibrate.held_out_means", { n: number(held_out.n) })}</small></p>` : html`<p class="muted">${t("calibrate.no_held_out")}</p>`}
    `;
  }
}

const twoPlaces = (/** @type {number} */ value) => number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/**
 * @param {{ key: string, name: string, change: string, proof: string }} words
 * @param {(() => unknown) | null} accept
 */
const row = ({ key, name, change, proof }, accept) => html`
  <li data-proposed=${key}>
    <span><strong>${name}</strong><span>${change}</span><small>${proof}</small></span>
    ${accept ? html`<er-confirm-button .words=${t("calibrate.accept")} .act=${accept}></er-confirm-button>` : nothing}
  </li>
`;

customElements.define("er-calibration", CalibrationElement);
