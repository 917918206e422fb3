// Drawing the lane that an inject closes: in the drill alone, no real way knows of it.

import { takeClosure } from "../../actions/drills/place-on-map.js";
import { changeDraft, undoTap } from "../../actions/map/closure.js";
import { showDrill } from "../../actions/map/navigation.js";
import { distance } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { viewHeader } from "../components/view-header.js";
import { lengthOf, widthChoice } from "../map/closure-draft.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {{ drill: string, number: number }} inject
 * @returns {import("../../types/page.js").PanelView}
 */
export function injectClosureView({ draft: { points, widerThanM } }, inject) {
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
