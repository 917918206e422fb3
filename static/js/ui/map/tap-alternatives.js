// What else lay under the finger: a tap that was meant for it is one tap away.

import { showThing } from "../../actions/map/navigation.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { iconOf, layerOf, thingById } from "../../state/layers.js";
import { icon } from "../components/icon.js";

/** @typedef {import("../../types/page.js").Model} Model */

/** @param {Model} model */
export function alternativesBanner(model) {
  const { alternatives, view } = model;
  if (!alternatives || alternatives.view !== view) return nothing;
  return html`
    <div class="banner alternatives" role="group" aria-label=${t("map.also_here")}>
      <span class="muted">${t("map.also_here")}</span>
      ${alternatives.others.map((each) => {
        const layer = layerOf(each.kind);
        const thing = thingById(model, each.kind, each.id);
        if (!layer || !thing) return nothing;
        return html`<button class="button" @click=${() => showThing(each.kind, each.id)}>${icon(iconOf(layer, thing))}<span>${nameOf(thing)}</span></button>`;
      })}
    </div>
  `;
}
