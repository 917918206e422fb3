// The map: made once, then brought into line with the model each time that changes.

import { addressOf } from "../lib/addresses.js";
import { AttributionControl, MapLibreMap, ScaleControl } from "./maplibre.js";
import { now } from "../lib/clock.js";
import { t } from "../lib/i18n.js";
import { everySeconds } from "../lib/ticks.js";
import { Camera } from "./camera.js";
import { needsCredit } from "../state/selectors.js";
import { drawChanges } from "./drawing.js";
import { imageFor, IMAGE_RATIO } from "./images.js";
import { IncidentMarkers } from "./markers.js";
import { styleFor, tilesOf } from "./style.js";
import { handleTaps } from "./taps.js";
import { SWITCHED } from "./thing-layers.js";
import { readTokens } from "./tokens.js";

/** @typedef {import("../types/page.js").Model} Model */

/** Ages on the map move on even when nothing else happens. */
const REDRAW_EVERY_S = 5;
const STARTS_AT_ZOOM = 16.4;
const PITCH = 42;

export class MapView {
  /**
   * @param {HTMLElement} container
   * @param {Model} model
   */
  constructor(container, model) {
    this.model = model;
    /** @type {Record<string, unknown>} what is drawn now, by source */
    this.drawn = {};
    this.styleKey = "";
    this.tilesVersion = "";
    this.tokens = readTokens();
    dress();
    this.map = new MapLibreMap({
      container,
      style: { version: 8, sources: {}, layers: [] },
      center: [...(model.live.snapshot?.circle.centre ?? [112.985, 28.158])],
      zoom: STARTS_AT_ZOOM,
      pitch: PITCH,
      maxPitch: 65,
      minZoom: 9,
      maxZoom: 20.5,
      attributionControl: false,
      localIdeographFontFamily: "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif",
      fadeDuration: 0,
      dragRotate: true,
      locale: { "Map.Title": t("map.title") },
    });
    /** @type {AttributionControl | null} */
    this.attribution = null;
    this.credit = "";
    this.map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-right");
    this.camera = new Camera(this.map);
    this.markers = new IncidentMarkers(this.map);
    this.map.setMissingStyleImageResolver((id) => this.#addImage(id));
    this.map.on("styledata", () => this.#styled());
    // Tiles that a moment without network lost are asked for again by themselves.
    this.map.on("error", () => {});
    handleTaps(this.map);
    this.stop = everySeconds(REDRAW_EVERY_S, () => this.#redraw());
    this.dark = matchMedia("(prefers-color-scheme: light)");
    this.dark.addEventListener("change", () => this.update(this.model));
    this.update(model);
  }

  /** @param {Model} model */
  update(model) {
    this.model = model;
    this.#restyle();
    this.#renewTiles();
    this.#redraw();
    this.markers.update(model);
    this.#attribute();
    this.camera.follow(model);
  }

  /** Back to what the panel is about. */
  recenter() {
    this.camera.shownKey = "";
    this.camera.follow(this.model);
  }

  remove() {
    this.stop();
    this.map.remove();
  }

  #restyle() {
    const { circleId, tilesVersion, language, theme } = this.model;
    if (!circleId) return;
    const key = JSON.stringify([circleId, language, theme, this.dark.matches]);
    if (key === this.styleKey) return;
    this.styleKey = key;
    this.tokens = readTokens();
    this.drawn = {};
    this.ready = false;
    this.tilesVersion = tilesVersion;
    this.map.setStyle(styleFor({ circleId, tilesVersion, language, tokens: this.tokens }), { diff: false });
  }

  /** Buildings come and go with imports: their tiles are asked for again. */
  #renewTiles() {
    const { circleId, tilesVersion } = this.model;
    if (!circleId || tilesVersion === this.tilesVersion) return;
    const source = this.map.getSource("circle");
    if (!source) return;
    this.tilesVersion = tilesVersion;
    /** @type {import("maplibre-gl").VectorTileSource} */ (source).setTiles([tilesOf(circleId, tilesVersion)]);
  }

  /** Whose data the map rests on, in full at every width: the licence asks for it. */
  #attribute() {
    const words = needsCredit(this.model) ? t("map.attribution") : "";
    if (words === this.credit) return;
    this.credit = words;
    if (this.attribution) this.map.removeControl(this.attribution);
    this.attribution = words ? new AttributionControl({ compact: false, customAttribution: words }) : null;
    if (this.attribution) this.map.addControl(this.attribution, "bottom-right");
  }

  #styled() {
    if (this.ready || !this.map.getSource("circle")) return;
    this.ready = true;
    this.#addImage("tape");
    this.#redraw();
  }

  #redraw() {
    if (!this.ready) return;
    drawChanges(this.map, this.model, { drawn: this.drawn, nowMs: now() });
    this.#switchLayers();
  }

  #switchLayers() {
    const { layers, view } = this.model;
    for (const [name, ids] of Object.entries(SWITCHED)) {
      const on = layers[/** @type {import("../types/page.js").LayerName} */ (name)];
      const shown = name === "closures" ? on || view.name === "closure_draft" : on;
      for (const id of ids) this.#show(id, shown);
    }
  }

  /**
   * @param {string} layer
   * @param {boolean} shown
   */
  #show(layer, shown) {
    const visibility = shown ? "visible" : "none";
    if (this.map.getLayer(layer) && this.map.getLayoutProperty(layer, "visibility") !== visibility) {
      this.map.setLayoutProperty(layer, "visibility", visibility);
    }
  }

  /** @param {string} id */
  #addImage(id) {
    if (this.map.hasImage(id)) return;
    const image = imageFor(id, this.tokens);
    if (image) this.map.addImage(id, image, { pixelRatio: IMAGE_RATIO });
  }
}

/** The library's own styles, ahead of ours, which change some of them. */
function dress() {
  const href = addressOf("map-styles");
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  document.head.querySelector("link[rel=stylesheet]")?.before(link);
}
