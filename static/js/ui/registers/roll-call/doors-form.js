// Which doors a building has: as many on each storey, or typed one by one.

import { putDoors } from "../../../actions/registers/begin-roll-call.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { doorsTyped } from "../../../state/registers/roll-call.js";
import { Element } from "../../components/element.js";
import { choiceField, numberField, textField } from "../../components/fields.js";

const USUAL = Object.freeze({ storeys: 6, doors: 2 });

class DoorsForm extends Element {
  static properties = { model: { attribute: false }, detail: { attribute: false }, language: {}, chosen: { state: true }, grid: { state: true }, typed: { state: true }, busy: { state: true }, error: { state: true } };

  constructor() {
    super();
    /** @type {import("../../../types/page.js").Model} */
    this.model = /** @type {any} */ (null);
    /** @type {import("../../../types/messages.js").IncidentDetail} */
    this.detail = /** @type {any} */ (null);
    this.language = "";
    /** @type {string | null} */
    this.chosen = null;
    /** @type {Partial<{ stairwells: number, storeys: number, doors: number, expected: number | null }>} what was changed */
    this.grid = {};
    this.typed = "";
    this.busy = false;
    /** @type {string | null} */
    this.error = null;
  }

  render() {
    const { buildings } = this;
    const building = this.#building();
    const { stairwells, storeys, doors, expected } = this.#grid();
    const put = (/** @type {typeof this.grid} */ change) => (this.grid = { ...this.grid, ...change });
    return html`
      <form class="doors-form" @submit=${this.#send}>
        <p class="muted">${t("roll_call.begin_means")}</p>
        ${choiceField(t("roll_call.building"), building?.id ?? "", buildings.map((each) => /** @type {const} */ ([each.id, nameOf(each)])), (id) => ((this.chosen = id), (this.grid = {})))}
        <div class="field-row">
          ${numberField(t("roll_call.stairwells"), stairwells, (n) => put({ stairwells: n ?? 1 }), { least: 1, most: 20 })}
          ${numberField(t("roll_call.storeys"), storeys, (n) => put({ storeys: n ?? 1 }), { least: 1, most: 60 })}
          ${numberField(t("roll_call.doors_each"), doors, (n) => put({ doors: n ?? 1 }), { least: 1, most: 40 })}
          ${numberField(t("roll_call.people_each"), expected, (n) => put({ expected: n }), { least: 0, most: 20, required: false })}
        </div>
        ${textField(t("roll_call.typed"), this.typed, (text) => (this.typed = text), { longest: 6000, rows: 2, hint: t("roll_call.typed_hint") })}
        ${this.error ? html`<p class="problem" role="alert">${errorWords(this.error)}</p>` : nothing}
        <button class="button big" ?disabled=${this.busy || !building}>${t(this.detail.roll_call ? "roll_call.put_doors" : "roll_call.begin")}</button>
        <button class="button" type="button" data-registered ?disabled=${this.busy || !building} @click=${() => this.#put({})}>${t("roll_call.from_register")}</button>
      </form>
    `;
  }

  get buildings() {
    return this.model.loaded.buildings.value ?? [];
  }

  #building() {
    const { building_id: here } = this.detail.incident.place;
    const wanted = this.chosen ?? here;
    return this.buildings.find(({ id }) => id === wanted) ?? this.buildings[0];
  }

  #grid() {
    const building = this.#building();
    const stairwells = Math.max(1, building?.entrances.length ?? 1);
    return { ...USUAL, stairwells, storeys: building?.storeys ?? USUAL.storeys, expected: /** @type {number | null} */ (null), ...this.grid };
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const doors = doorsTyped(this.typed);
    await this.#put(doors.length > 0 ? { doors } : { grid: this.#grid() });
  }

  /** @param {Omit<Parameters<typeof putDoors>[1], "building_id">} doors  none: those of the register of households */
  async #put(doors) {
    const building = this.#building();
    if (!building || this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      await putDoors(this.detail.incident.id, { building_id: building.id, ...doors });
      this.typed = "";
    } catch (error) {
      this.error = codeOf(error);
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("er-doors-form", DoorsForm);
