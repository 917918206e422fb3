// The people of a circle by organisation: who may do what, and who can be reached.

import { changePerson, listPartners, listPeople, removePerson } from "../../actions/accounts/people.js";
import { showScreen } from "../../actions/accounts/screens.js";
import { ageS } from "../../lib/clock.js";
import { ago } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";
import { mayBeCalled, roleFields, roleTable } from "./role-fields.js";
import "../components/confirm-button.js";

/**
 * @typedef {import("../../types/page.js").Person} Person
 * @typedef {import("../../types/page.js").PartnerCard} PartnerCard
 */

/** @extends {ScreenElement<{ people: Person[], partners: PartnerCard[] }>} */
class People extends ScreenElement {
  static properties = { editing: { state: true }, role: { state: true }, partnerId: { state: true } };

  constructor() {
    super();
    /** @type {string | null} account id of whose row is open */
    this.editing = null;
    this.role = "";
    /** @type {string | null} */
    this.partnerId = null;
  }

  async ask() {
    const [people, partners] = await Promise.all([listPeople(this.circleId), listPartners(this.circleId)]);
    return { people, partners };
  }

  render() {
    return screen(this.model, "people", { problem: this.refused, body: this.whenLoaded((value) => this.#all(value)) });
  }

  /** @param {{ people: Person[], partners: PartnerCard[] }} value */
  #all({ people, partners }) {
    const groups = [...partners.map((each) => ({ id: /** @type {string | null} */ (each.id), name: nameOf(each) })), { id: null, name: t("people.without_partner") }];
    return html`
      <p class="muted">${t("people.count", { n: people.length, here: people.filter((each) => each.signed_in).length })}</p>
      ${groups.map(({ id, name }) => {
        const members = people.filter((each) => each.partner_id === id);
        if (members.length === 0) return nothing;
        return html`<h3>${name} <small class="count">${t("unit_card.people", { n: members.length })}</small></h3>
          <ul class="rows">
            ${members.map((each) => this.#row(each, partners))}
          </ul>`;
      })}
      <button class="button" @click=${() => showScreen("invitations")}>${icon("plus")}<span>${t("people.invite")}</span></button>
      ${roleTable()}
    `;
  }

  /**
   * @param {Person} person
   * @param {PartnerCard[]} partners
   */
  #row(person, partners) {
    const { account_id, name, username, role } = person;
    const self = account_id === this.model.account?.id;
    const open = this.editing === account_id;
    return html`
      <li class="row person" data-open=${open}>
        <button class="row-button" aria-expanded=${open} @click=${() => this.#open(open ? null : person)}>
          ${icon("people")}
          <span>
            <strong>${name}</strong>${self ? html` <span class="own">${t("people.you")}</span>` : nothing}
            <small>${username} · ${seen(person)}</small>
            <small>${this.#reachedBy(person)}</small>
          </span>
          <span class="state">${t(`role.${role}`)}</span>
        </button>
        ${open ? (self ? html`<p class="muted">${t("people.not_yourself")}</p>` : this.#form(person, partners)) : nothing}
      </li>
    `;
  }

  /** @param {Person} person */
  #reachedBy({ units, unit_ids }) {
    if (units.length === 0) return t("people.no_units");
    const known = new Map((this.model.live.snapshot?.units ?? []).map((unit) => [String(unit.id), nameOf(unit)]));
    return t("people.units", { units: unit_ids.map((id, i) => known.get(id) ?? units[i]).join(t("people.and")) });
  }

  /** @param {Person | null} person */
  #open(person) {
    this.editing = person?.account_id ?? null;
    this.role = person?.role ?? "";
    this.partnerId = person?.partner_id ?? null;
    this.refused = null;
  }

  /**
   * @param {Person} person
   * @param {PartnerCard[]} partners
   */
  #form(person, partners) {
    const { account_id, name } = person;
    return html`
      <form class="form" @submit=${(/** @type {SubmitEvent} */ event) => this.#save(event, person)}>
        ${roleFields({ role: this.role, partnerId: this.partnerId, partners, choose: (role) => (this.role = role), choosePartner: (id) => (this.partnerId = id) })}
        ${this.#unitFields(person)}
        <button class="button primary" ?disabled=${this.busy}>${t("people.save")}</button>
      </form>
      <p class="muted">${t("people.remove_means", { name })}</p>
      <er-confirm-button
        .words=${t("people.remove", { name })}
        .disabled=${this.busy}
        .act=${() => this.run(() => removePerson(this.circleId, account_id), t("people.removed", { name }))}
      ></er-confirm-button>
    `;
  }

  /** @param {Person} person */
  #unitFields({ name, unit_ids }) {
    if (!mayBeCalled(this.role)) {
      const leaves = unit_ids.length > 0;
      return html`<p class=${leaves ? "problem" : "muted"} role="status">${t(leaves ? "people.leaves_units" : "people.role_not_called", { name })}</p>`;
    }
    const units = (this.model.live.snapshot?.units ?? []).filter((unit) => unit.partner_id === this.partnerId);
    if (units.length === 0) return nothing;
    return html`<fieldset class="ticks">
      <legend>${t("people.units_of")}</legend>
      ${repeat(units, ({ id }) => id, (unit) => html`<label class="tick"><input class="tick-box" type="checkbox" name="unit" value=${unit.id} .checked=${unit_ids.includes(unit.id)} /><span>${nameOf(unit)}</span></label>`)}
    </fieldset>`;
  }

  /**
   * @param {SubmitEvent} event
   * @param {Person} person
   */
  async #save(event, { account_id, name, role, partner_id, unit_ids }) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const wanted = { role: String(given.get("role")), partner_id: String(given.get("partner_id")) || null };
    const units = given.getAll("unit").map(String);
    /** @type {{ role?: string, partner_id?: string | null, unit_ids?: string[] }} */
    const change = {};
    if (wanted.role !== role) change.role = wanted.role;
    if (wanted.partner_id !== partner_id) change.partner_id = wanted.partner_id;
    if ([...units].sort().join() !== [...unit_ids].sort().join()) change.unit_ids = units;
    if (Object.keys(change).length === 0) return this.#open(null);
    if (await this.run(() => changePerson(this.circleId, account_id, change), t("people.saved", { name }))) this.#open(null);
  }
}

/** @param {Person} person */
function seen({ signed_in, last_seen_at }) {
  if (!last_seen_at) return t("people.never_seen");
  return t(signed_in ? "people.signed_in" : "people.signed_out", { ago: ago(ageS(last_seen_at)) });
}

customElements.define("er-people", People);
