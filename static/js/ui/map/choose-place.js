// Where is it: by name for those who cannot tap the map, here, or on the map.

import { showBuilding, showHere, showIncident } from "../../actions/map/navigation.js";
import { matcher } from "../../lib/building-search.js";
import { errorWords } from "../../lib/errors.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { movedIncident } from "../../state/selectors.js";
import { Element } from "../components/element.js";
import { emergencyNumbers } from "../components/emergency-numbers.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";
import { viewHeader } from "../components/view-header.js";

const SHOWN = 60;

/**
 * @param {import("../../types/page.js").Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function choosePlaceView(model) {
  const moved = movedIncident(model);
  const body = html`
    ${moved
      ? viewHeader(t("direct.move"), { below: t("raise.where_how"), back: () => showIncident(moved.incident.id) })
      : viewHeader(t(model.drill ? "raise.where_exercise" : "raise.where"), { below: t("raise.where_how") })}
    ${model.drill || moved ? nothing : emergencyNumbers()}
    <button class="button" @click=${showHere}>${icon("locate")}<span>${t("raise.here")}</span></button>
    <er-building-search .buildings=${model.loaded.buildings} .language=${model.language}></er-building-search>
  `;
  return { body };
}

class BuildingSearch extends Element {
  static properties = { buildings: { attribute: false }, act: { attribute: false }, language: {}, sought: { state: true } };

  constructor() {
    super();
    /** @type {Model["loaded"]["buildings"] | null} */
    this.buildings = null;
    this.act = showBuilding;
    this.language = "";
    this.sought = "";
  }

  render() {
    const { status, value, error } = this.buildings ?? { status: "loading", value: null, error: null };
    if (!value) return status === "failed" ? html`<p class="problem">${errorWords(error ?? "no_answer")}</p>` : html`<div class="progress"></div>`;
    const found = value
      .filter(matcher(this.sought))
      .sort((a, b) => nameOf(a).localeCompare(nameOf(b), this.language, { numeric: true }));
    return html`
      <label class="search">
        ${icon("search")}
        <input type="search" placeholder=${t("raise.search")} aria-label=${t("raise.search")} .value=${this.sought} @input=${this.#seek} />
      </label>
      ${found.length === 0 ? html`<p class="muted">${value.length === 0 ? t("raise.no_buildings") : t("raise.not_found")}</p>` : nothing}
      ${found.slice(0, SHOWN).map((building) =>
        listRow("building", nameOf(building), {
          below: building.households > 0 ? t("building.households", { n: building.households }) : undefined,
          act: () => this.act(building),
        }),
      )}
    `;
  }

  /** @param {Event} event */
  #seek(event) {
    this.sought = /** @type {HTMLInputElement} */ (event.target).value;
  }
}

/** @typedef {import("../../types/page.js").Model} Model */

customElements.define("er-building-search", BuildingSearch);
