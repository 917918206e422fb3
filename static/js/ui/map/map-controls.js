// Buttons beside the map: layers, nearer, farther, level or tilted, and back to what is looked at.

import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { current } from "../../map/current.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import { legend } from "./legend.js";

class MapControls extends Element {
  static properties = { model: { attribute: false }, open: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Model | null} */
    this.model = null;
    this.open = false;
  }

  render() {
    if (!this.model) return nothing;
    return html`
      <div class="map-controls">
        <button class="square" aria-expanded=${this.open} aria-label=${t("map.layers")} @click=${() => (this.open = !this.open)}>
          ${icon(this.open ? "close" : "layers")}
        </button>
        <button class="square zoom" aria-label=${t("map.nearer")} @click=${() => current.view?.map.zoomIn()}>${icon("plus")}</button>
        <button class="square zoom" aria-label=${t("map.farther")} @click=${() => current.view?.map.zoomOut()}>${icon("minus")}</button>
        <button class="square tilt" aria-label=${t("map.tilt")} @click=${tilt}>${icon("cube")}</button>
        <button class="square" aria-label=${t("map.back_to_place")} @click=${() => current.view?.recenter()}>${icon("locate")}</button>
      </div>
      ${this.open ? legend(this.model, () => (this.open = false)) : nothing}
    `;
  }
}

function tilt() {
  const map = current.view?.map;
  if (map) map.easeTo({ pitch: map.getPitch() > 10 ? 0 : 50, bearing: 0 });
}

customElements.define("er-map-controls", MapControls);
