// The households of one building. Gone from the page as soon as it is left.

import { confirmHousehold, eraseHousehold, exportAddress, viewBuilding, withdrawConsent } from "../../../actions/registers/households.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { toast } from "../../../state/model.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";
import "../../components/confirm-button.js";
import "./household-form.js";

/** @typedef {import("../../../types/households.js").Household} Household */

const NEW = "new";

class BuildingHouseholds extends Element {
  static properties = { buildingId: {}, language: {}, all: { state: true }, open: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.buildingId = "";
    this.language = "";
    /** @type {Household[] | null} */
    this.all = null;
    /** @type {string | null} id of the household whose form is open */
    this.open = null;
    /** @type {string | null} */
    this.problem = null;
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (changed.has("buildingId")) void this.#load();
  }

  render() {
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${errorWords(this.problem)}</p>` : nothing}
      ${this.open === NEW
        ? this.#form(null)
        : html`<button class="button primary" @click=${() => (this.open = NEW)}>${icon("plus")}<span>${t("households.new")}</span></button>`}
      ${this.all === null && !this.problem ? html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>` : nothing}
      ${this.all?.length === 0 ? html`<p class="muted">${t("households.none")}</p>` : nothing}
      <ul class="rows households">
        ${(this.all ?? []).map((each) => (this.open === each.id ? html`<li>${this.#form(each)}</li>` : this.#row(each)))}
      </ul>
    `;
  }

  /** @param {Household | null} household */
  #form(household) {
    return html`<er-household-form .buildingId=${this.buildingId} .household=${household} .language=${this.language} .close=${(/** @type {boolean} */ changed) => this.#closed(changed)}></er-household-form>`;
  }

  /** @param {Household} each */
  #row(each) {
    const consent = each.consent && !each.consent.withdrawn_on;
    return html`<li data-due=${each.is_due} data-help=${each.help_kinds.length > 0 || each.help_people > 0}>
      <details>
        <summary>
          <strong>${each.door}</strong>
          <span>${[each.floor === null ? "" : t("household.floor", { n: each.floor }), t("household.people", { n: each.people }), ...each.help_kinds.map((kind) => t(`help_kind.${kind}`)), each.is_due ? t("household.due") : ""].filter(Boolean).join(" · ")}</span>
        </summary>
        <p>${[each.contact_name, each.contact_phone, each.language ? t(`spoken.${each.language}`) : "", each.help_note].filter(Boolean).join(" · ") || t("household.no_details")}</p>
        ${each.is_tenant || each.landlord_name ? html`<p>${[t("household.tenant"), each.landlord_name, each.landlord_phone, each.tenancy_until ? t("household.until", { day: each.tenancy_until }) : ""].filter(Boolean).join(" · ")}</p>` : nothing}
        <p class="muted">
          ${consent ? t("household.consent_on", { day: each.consent?.given_on ?? "", name: each.consent?.recorded_by_name ?? "" }) : each.consent ? t("household.withdrawn_on", { day: each.consent.withdrawn_on ?? "" }) : t("household.no_consent")}
          · ${t("household.confirmed_on", { day: each.confirmed_on })}
        </p>
        <div class="household-actions">
          <button class="button" @click=${() => (this.open = each.id)}>${t("household.edit")}</button>
          <button class="button" @click=${() => this.#run(() => confirmHousehold(each.id), "household.confirmed")}>${icon("check")}<span>${t("household.confirm")}</span></button>
          <a class="button" href=${exportAddress(each.id)} download>${icon("down")}<span>${t("household.export")}</span></a>
          ${consent ? html`<er-confirm-button .words=${t("household.withdraw")} .act=${() => this.#run(() => withdrawConsent(each.id), "household.withdrawn")}></er-confirm-button>` : nothing}
          <er-confirm-button .words=${t("household.erase")} .act=${() => this.#run(() => eraseHousehold(each.id), "household.erased")}></er-confirm-button>
        </div>
      </details>
    </li>`;
  }

  /** @param {boolean} changed */
  #closed(changed) {
    this.open = null;
    if (changed) void this.#load();
  }

  async #load() {
    try {
      this.all = (await viewBuilding(this.buildingId)).households;
      this.problem = null;
    } catch (error) {
      this.problem = codeOf(error);
    }
  }

  /**
   * @param {() => Promise<unknown>} act
   * @param {string} done
   */
  async #run(act, done) {
    try {
      await act();
      toast(t(done));
    } catch (error) {
      this.problem = codeOf(error);
      return;
    }
    await this.#load();
  }
}

customElements.define("er-building-households", BuildingHouseholds);
