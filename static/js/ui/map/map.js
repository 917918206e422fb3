// The element that holds the map.

import { t } from "../../lib/i18n.js";
import { untilLoaded } from "../../lib/until-loaded.js";
import { html } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { setMap } from "../../map/current.js";

/** @type {Promise<typeof import("../../map/view.js")> | undefined} */
let asked;

/** The map and its library are half of the page, and no one waits for them to read an alert. */
const mapPart = () => (asked ??= untilLoaded(() => import("../../map/view.js")));

class MapElement extends Element {
  static properties = { model: { attribute: false } };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Model | null} */
    this.model = null;
    /** @type {import("../../map/view.js").MapView | null} */
    this.view = null;
    this.waiting = false;
  }

  render() {
    return html`<div class="map" role="region" aria-label=${t("map.title")}></div>`;
  }

  updated() {
    if (this.waiting || !this.model?.rest) return;
    // Words first: a slow graphics card, or a slow network, must not keep an alert from being read.
    this.waiting = true;
    requestAnimationFrame(() => setTimeout(() => void this.#draw()));
  }

  async #draw() {
    const { MapView } = await mapPart();
    this.waiting = false;
    if (!this.model || !this.isConnected) return;
    if (!this.view) this.#start(MapView, this.model);
    this.view?.update(this.model);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.view?.remove();
    this.view = null;
    setMap(null);
  }

  /**
   * @param {typeof import("../../map/view.js").MapView} MapView
   * @param {import("../../types/page.js").Model} model
   */
  #start(MapView, model) {
    const container = /** @type {HTMLElement} */ (this.querySelector(".map"));
    try {
      this.view = new MapView(container, model);
      setMap(this.view);
    } catch {
      // Without WebGL there is no map; names, times and buttons all work without it.
      container.textContent = t("map.impossible");
      container.classList.add("map-impossible");
    }
  }
}

customElements.define("er-map", MapElement);
