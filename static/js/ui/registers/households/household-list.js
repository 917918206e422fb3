// The register of households: numbers by building, search, how long they are kept, and a sheet to bring in.

import { goBack, showRegister } from "../../../actions/map/navigation.js";
import { householdNumbers, refusedField, searchHouseholds, setRetention } from "../../../actions/registers/households.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { language, nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { toast } from "../../../state/model.js";
import { Element } from "../../components/element.js";
import { numberField } from "../../components/fields.js";
import { icon } from "../../components/icon.js";
import { listRow } from "../../components/list-row.js";
import { viewHeader } from "../../components/view-header.js";
import "./building-households.js";
import "./household-sheet.js";

/**
 * @typedef {import("../../../types/households.js").HouseholdNumbers} HouseholdNumbers
 * @typedef {import("../../../types/page.js").Building} Building
 */

/**
 * @param {import("../../../types/page.js").Model} model
 * @param {import("../../../types/page.js").RegisterView} view  `id`: the building whose households are shown
 * @returns {import("../../../types/page.js").PanelView}
 */
export function householdsView(model, { id }) {
  const buildings = model.loaded.buildings.value ?? [];
  if (id) {
    const building = buildings.find((each) => each.id === id);
    const body = html`
      ${viewHeader(building ? nameOf(building) : t("registers.households"), { symbol: "people", below: t("households.recorded_look"), back: () => goBack(() => showRegister("households")) })}
      <er-building-households .buildingId=${id} .language=${model.language}></er-building-households>
    `;
    return { body };
  }
  const body = html`
    ${viewHeader(t("registers.households"), { symbol: "people", below: t("households.means"), back: () => goBack(() => showRegister("home")) })}
    <er-households .buildings=${buildings} .language=${model.language}></er-households>
  `;
  return { body };
}

class Households extends Element {
  static properties = { buildings: { attribute: false }, language: {}, numbers: { state: true }, found: { state: true }, problem: { state: true }, refused: { state: true } };

  constructor() {
    super();
    /** @type {readonly Building[]} */
    this.buildings = [];
    this.language = "";
    /** @type {HouseholdNumbers | null} */
    this.numbers = null;
    /** @type {import("../../../types/households.js").FoundHouseholds | null} */
    this.found = null;
    /** @type {string | null} */
    this.problem = null;
    /** @type {string | null} */
    this.refused = null;
  }

  firstUpdated() {
    void this.#load();
  }

  render() {
    if (this.problem) return html`<p class="problem" role="alert">${errorWords(this.problem)}</p><button class="button" @click=${this.#load}>${t("failed.again")}</button>`;
    if (!this.numbers) return html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>`;
    return html`${this.#search()} ${this.#list(this.numbers)} ${this.#keeping(this.numbers)}`;
  }

  #search() {
    const { found } = this;
    return html`
      <form class="households-search" role="search" @submit=${this.#searched}>
        <label class="field"><span>${t("households.search")}</span><input name="words" type="search" required minlength="2" maxlength="80" autocomplete="off" placeholder=${t("households.search_hint")} /></label>
        <button class="button">${icon("search")}<span>${t("households.find")}</span></button>
      </form>
      ${this.refused ? html`<p class="problem" role="alert">${this.refused}</p>` : nothing}
      ${found
        ? html`<div role="status" data-part="found">
            ${found.found.length === 0 ? html`<p class="muted">${t("households.none_found")}</p>` : nothing}
            ${found.found.map(({ building_id, door, floor }) => listRow("people", [this.#name(building_id), door].join(" "), { below: floor === null ? nothing : t("household.floor", { n: floor }), act: () => showRegister("households", building_id) }))}
            ${found.more ? html`<p class="muted">${t("households.more_found")}</p>` : nothing}
          </div>`
        : nothing}
    `;
  }

  /** @param {HouseholdNumbers} numbers */
  #list({ buildings }) {
    const known = new Map(buildings.map((each) => [each.building_id, each]));
    const all = [...this.buildings].sort((a, b) => nameOf(a).localeCompare(nameOf(b), language(), { numeric: true }));
    const listed = all.filter(({ id }) => known.has(id));
    const others = all.filter(({ id, households }) => !known.has(id) && households > 0);
    return html`
      <h3>${t("households.listed", { n: buildings.reduce((sum, each) => sum + each.households, 0) })}</h3>
      ${listed.map((each) => {
        const its = known.get(each.id);
        const below = its && [t("households.doors", { n: its.households }), t("households.need_help", { n: its.need_help }), its.due > 0 ? t("households.due", { n: its.due }) : ""].filter(Boolean).join(" · ");
        return listRow("building", nameOf(each), { below, act: () => showRegister("households", each.id) });
      })}
      <details class="fold" ?open=${listed.length === 0}>
        <summary><span>${t("households.unlisted", { n: others.length })}</span></summary>
        ${others.map((each) => listRow("building", nameOf(each), { below: t("building.households", { n: each.households }), act: () => showRegister("households", each.id) }))}
      </details>
    `;
  }

  /** @param {HouseholdNumbers} numbers */
  #keeping(numbers) {
    let { due_after_months, delete_after_months } = numbers;
    return html`
      <details class="fold" data-part="sheet">
        <summary><span>${t("households.sheet")}</span></summary>
        <er-household-sheet .language=${this.language} .done=${() => this.#load()}></er-household-sheet>
      </details>
      <details class="fold" data-part="retention">
        <summary><span>${t("households.keeping")}</span></summary>
        <form
          class="form"
          @submit=${(/** @type {SubmitEvent} */ event) => {
            event.preventDefault();
            void this.#keep(due_after_months, delete_after_months);
          }}
        >
          <p class="muted">${t("households.keeping_means")}</p>
          ${numberField(t("households.due_after"), due_after_months, (n) => (due_after_months = n ?? due_after_months), { least: 1, most: 60 })}
          ${numberField(t("households.delete_after"), delete_after_months, (n) => (delete_after_months = n ?? delete_after_months), { least: 2, most: 60 })}
          <button class="button">${t("households.keep")}</button>
        </form>
      </details>
    `;
  }

  /** @param {string} id */
  #name(id) {
    const building = this.buildings.find((each) => each.id === id);
    return building ? nameOf(building) : "";
  }

  async #load() {
    try {
      this.numbers = await householdNumbers();
      this.problem = null;
    } catch (error) {
      this.problem = codeOf(error);
    }
  }

  /** @param {SubmitEvent} event */
  async #searched(event) {
    event.preventDefault();
    const words = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get("words"));
    try {
      this.found = await searchHouseholds(words);
      this.refused = null;
    } catch (error) {
      this.refused = refusedField(error) === "words" ? t("households.too_short") : errorWords(codeOf(error));
    }
  }

  /**
   * @param {number} due
   * @param {number} deleted
   */
  async #keep(due, deleted) {
    try {
      await setRetention(due, deleted);
      this.refused = null;
      toast(t("households.kept"));
    } catch (error) {
      this.refused = refusedField(error) ? t("households.keeping_wrong") : errorWords(codeOf(error));
    }
    await this.#load();
  }
}

customElements.define("er-households", Households);
