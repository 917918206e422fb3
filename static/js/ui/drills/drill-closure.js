// Drawing the lane that an inject closes, in the drill alone; or that a finding closes, in earnest.

import { takeClosure } from "../../actions/drills/place-on-map.js";
import { changeDraft, undoTap } from "../../actions/map/closure.js";
import { showDrill, showFinding } from "../../actions/map/navigation.js";
import { distance } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { viewHeader } from "../components/view-header.js";
import { closureDraftView, lengthOf, widthChoice } from "../map/closure-draft.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {Extract<import("../../types/page.js").View, { name: "closure_draft" }>} view
 * @returns {import("../../types/page.js").PanelView}
 */
export function drillClosureView(model, { inject, finding }) {
  if (inject) return injectClosureView(model, inject);
  if (!finding) return closureDraftView(model);
  const { id, from = {} } = finding;
  const then = (/** @type {string} */ closure_id) => showFinding(id, { ...from, typed: { ...from.typed, closure_id } });
  return closureDraftView(model, { then, back: () => showFinding(id, from) });
}

/**
 * @param {import("../../types/page.js").Model} model
 * @param {{ drill: string, number: number }} inject
 * @returns {import("../../types/page.js").PanelView}
 */
function injectClosureView({ draft: { points, widerThanM } }, inject) {
  const back = () => showDrill(inject.drill, inject.number);
  const body = html`
    ${viewHeader(t("drills.closes", { n: inject.number }), { symbol: "barrier", below: points.length < 2 ? t("closure.tap_lane") : t("closure.length", { distance: distance(lengthOf(points)) }), back })}
    ${widthChoice(widerThanM, (width) => changeDraft({ widerThanM: width }))}
    <p class="muted">${t("drills.closes_for_drill")}</p>
  `;
  const actions = html`
    <div class="answer">
      <button class="button primary big" ?disabled=${points.length < 2} @click=${() => takeClosure(inject)}>${icon("check")}<span>${t("drills.take_lane")}</span></button>
      ${points.length > 0
        ? html`<button class="button big" @click=${undoTap}>${icon("undo")}<span>${t("closure.undo")}</span></button>`
        : html`<button class="button big" @click=${back}>${t("action.cancel")}</button>`}
    </div>
  `;
  return { body, actions, exercise: true };
}
