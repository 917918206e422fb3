// Drawing a closure on the map: along a lane, for whom, until when.

import { changeDraft, setClosure, undoTap } from "../../actions/map/closure.js";
import { showOverview } from "../../actions/map/navigation.js";
import { errorWords } from "../../lib/errors.js";
import { distance } from "../../lib/format.js";
import { distanceM } from "../../lib/geometry.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { viewHeader } from "../components/view-header.js";
import { closureImpact } from "../reach/closure-impact.js";

/** Metres: all traffic, or what is wider than an engine, an ambulance, a mini engine. */
const WIDTHS = [null, 3.5, 2.2, 1.5];
const HOURS = [1, 2, 8, 24, null];

/**
 * @param {import("../../types/page.js").Model} model
 * @param {{ then?: (id: string) => void, back?: () => void }} [where]  it goes on once the closure is set, or it is not
 * @returns {import("../../types/page.js").PanelView}
 */
export function closureDraftView(model, { then, back = showOverview } = {}) {
  const { draft } = model;
  const { points, widerThanM, hours, sending, error } = draft;
  const body = html`
    ${viewHeader(t("closure.start"), { symbol: "barrier", below: points.length < 2 ? t("closure.tap_lane") : t("closure.length", { distance: distance(lengthOf(points)) }) })}
    ${widthChoice(widerThanM, (width) => changeDraft({ widerThanM: width }))}
    <fieldset class="segments wrap">
      <legend>${t("closure.until")}</legend>
      ${HOURS.map(
        (n) => html`<button aria-pressed=${hours === n} @click=${() => changeDraft({ hours: n })}>${n === null ? t("closure.until_lifted") : t("unit.hours", { n })}</button>`,
      )}
    </fieldset>
    ${points.length < 2 ? nothing : closureImpact(model, t("cost.would"))}
    <label>${t("closure.name")} <input maxlength="100" placeholder=${t("closure.default_name")} .value=${draft.name} @input=${name} /></label>
    ${error ? html`<p class="problem" role="alert">${errorWords(error)}</p>` : nothing}
  `;
  const actions = html`
    <div class="answer">
      <button class="button primary big" ?disabled=${points.length < 2 || sending} @click=${() => setClosure(then)}>${icon("barrier")}<span>${sending ? t("closure.sending") : t("closure.set")}</span></button>
      ${points.length > 0
        ? html`<button class="button big" @click=${undoTap}>${icon("undo")}<span>${t("closure.undo")}</span></button>`
        : html`<button class="button big" @click=${back}>${t("action.cancel")}</button>`}
    </div>
  `;
  return { body, actions };
}

/**
 * @param {number | null} chosen
 * @param {(width: number | null) => void} choose
 */
export const widthChoice = (chosen, choose) => html`
  <fieldset class="segments wrap">
    <legend>${t("closure.whom")}</legend>
    ${WIDTHS.map((width) => html`<button aria-pressed=${chosen === width} @click=${() => choose(width)}>${width === null ? t("closure.for_all") : t("closure.for_wider", { width })}</button>`)}
  </fieldset>
`;

/** @param {Event} event */
function name(event) {
  changeDraft({ name: /** @type {HTMLInputElement} */ (event.target).value });
}

/** @param {readonly import("../../types/page.js").LonLat[]} points */
export function lengthOf(points) {
  return points.slice(1).reduce((sum, point, i) => sum + distanceM(/** @type {any} */ (points[i]), point), 0);
}
