// Inviting a person: a link for one, used once, good for three days.

import { listInvitations, makeInvitation, putAwayMade, withdrawInvitation } from "../../actions/accounts/invitations.js";
import { listPartners } from "../../actions/accounts/people.js";
import { now } from "../../lib/clock.js";
import { ago, dayAndTime, duration } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { toast } from "../../state/model.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";
import { mayBeCalled, roleFields } from "./role-fields.js";
import "../components/confirm-button.js";

/**
 * @typedef {import("../../types/page.js").Invitation} Invitation
 * @typedef {import("../../types/page.js").PartnerCard} PartnerCard
 */

/** Said rather than left out: an emergency is too late to learn that alerts do not reach one. */
const NO_UNIT = "none";

/** @extends {ScreenElement<{ invitations: Invitation[], partners: PartnerCard[] }>} */
class Invitations extends ScreenElement {
  static properties = { role: { state: true }, partnerId: { state: true } };

  constructor() {
    super();
    this.role = "responder";
    /** @type {string | null} */
    this.partnerId = null;
  }

  async ask() {
    const [invitations, partners] = await Promise.all([listInvitations(this.circleId), listPartners(this.circleId)]);
    return { invitations, partners };
  }

  render() {
    return screen(this.model, "invitations", { problem: this.refused, body: this.whenLoaded((value) => this.#all(value)) });
  }

  /** @param {{ invitations: Invitation[], partners: PartnerCard[] }} value */
  #all({ invitations, partners }) {
    const made = this.model.madeInvitation;
    return html`
      ${made && made.circleId === this.circleId ? this.#made(made, partners) : this.#form(partners)}
      <h3>${t("invitations.all", { n: invitations.length })}</h3>
      ${invitations.length === 0 ? html`<p class="muted">${t("invitations.none")}</p>` : nothing}
      <ul class="rows">
        ${invitations.map((each) => this.#row(each, partners))}
      </ul>
    `;
  }

  /** @param {PartnerCard[]} partners */
  #form(partners) {
    return html`
      <form class="form" @submit=${this.#make}>
        <p class="muted">${t("invitations.hint")}</p>
        ${roleFields({ role: this.role, partnerId: this.partnerId, partners, choose: (role) => (this.role = role), choosePartner: (id) => (this.partnerId = id) })}
        ${this.#unitField()}
        <label>
          ${t("invitations.for_whom")}
          <input name="note" maxlength="200" autocomplete="off" placeholder=${t("invitations.for_whom_hint")} />
        </label>
        <button class="button primary big" ?disabled=${this.busy}>${icon("plus")}<span>${t("invitations.make")}</span></button>
      </form>
    `;
  }

  #unitField() {
    if (!mayBeCalled(this.role)) return html`<p class="muted" role="status">${t("people.role_not_called")}</p>`;
    const units = (this.model.live.snapshot?.units ?? []).filter((unit) => unit.partner_id === this.partnerId);
    if (units.length === 0) return nothing;
    return html`<label>
      ${t("invitations.unit")}
      <select name="unit_id" ?required=${this.role === "responder"}>
        <option value="">${t("invitations.choose_unit")}</option>
        ${repeat(units, ({ id }) => id, (unit) => html`<option value=${unit.id}>${nameOf(unit)}</option>`)}
        <option value=${NO_UNIT}>${t("invitations.no_unit")}</option>
      </select>
    </label>`;
  }

  /**
   * The role that it gives, in the page's language.
   * @param {Invitation} invitation
   * @param {PartnerCard[]} partners
   */
  #about({ role, partner_id, unit_id, partner_name, unit_name }, partners) {
    const partner = partners.find(({ id }) => id === partner_id);
    const unit = this.model.live.snapshot?.units.find(({ id }) => id === unit_id);
    const names = [partner ? nameOf(partner) : partner_name, unit ? nameOf(unit) : unit_name];
    return [t(`role.${role}`), ...names].filter(Boolean).join(" · ");
  }

  /**
   * @param {import("../../types/page.js").MadeInvitation} made
   * @param {PartnerCard[]} partners
   */
  #made(made, partners) {
    const { link, note, expires_at } = made;
    return html`
      <section class="made" aria-label=${t("invitations.made")}>
        <h3>${icon("check")} ${t("invitations.made")}</h3>
        <p>${[this.#about(made, partners), note].filter(Boolean).join(" · ")}</p>
        <label>
          ${t("invitations.link")}
          <input class="link" readonly .value=${link} @focus=${(/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).select()} />
        </label>
        <p class="problem">${t("invitations.only_now", { time: dayAndTime(expires_at) })}</p>
        <button class="button primary" @click=${this.#copy}>${icon("copy")}<span>${t("invitations.copy")}</span></button>
        ${"share" in navigator
          ? html`<button class="button" @click=${() => navigator.share({ title: t("invitations.share_title"), url: link }).catch(() => {})}>${t("invitations.share")}</button>`
          : nothing}
        <button class="button" @click=${putAwayMade}>${t("invitations.done")}</button>
      </section>
    `;
  }

  async #copy() {
    const field = /** @type {HTMLInputElement} */ (this.querySelector(".made .link"));
    try {
      await navigator.clipboard.writeText(field.value);
      toast(t("invitations.copied"));
    } catch {
      // Without https a page may not write there; what is selected can be copied by hand.
      field.focus();
      field.select();
      toast(t("invitations.copy_by_hand"), "problem");
    }
  }

  /** @param {SubmitEvent} event */
  async #make(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const partnerId = String(given.get("partner_id"));
    const unitId = String(given.get("unit_id") ?? "");
    const note = String(given.get("note")).trim();
    await this.run(() =>
      makeInvitation(this.circleId, {
        role: String(given.get("role")),
        ...(partnerId ? { partner_id: partnerId } : {}),
        ...(unitId && unitId !== NO_UNIT ? { unit_id: unitId } : {}),
        ...(note ? { note } : {}),
      }),
    );
    /** @type {HTMLInputElement | null} */ (this.querySelector(".made .link"))?.focus();
  }

  /**
   * @param {Invitation} invitation
   * @param {PartnerCard[]} partners
   */
  #row(invitation, partners) {
    const { id, note, state } = invitation;
    const about = this.#about(invitation, partners);
    return html`
      <li class="row" data-state=${state}>
        ${icon(state === "used" ? "check" : "people")}
        <div>
          <strong>${note || about}</strong>
          ${note ? html`<small>${about}</small>` : nothing}
          <small>${becameOf(invitation)}</small>
        </div>
        <span class="state" data-invitation=${state}>${t(`invitation_state.${state}`)}</span>
        ${state === "open"
          ? html`<er-confirm-button
              .words=${t("invitations.withdraw")}
              .disabled=${this.busy}
              .act=${() => this.run(() => withdrawInvitation(this.circleId, id), t("invitations.withdrawn"))}
            ></er-confirm-button>`
          : nothing}
      </li>
    `;
  }
}

/** @param {Invitation} invitation */
function becameOf({ state, made_by, made_at, expires_at, used_by }) {
  const made = t("invitations.made_by", { name: made_by ?? t("audit.system"), ago: ago((now() - Date.parse(made_at)) / 1000) });
  if (state === "open") return `${made} · ${t("invitations.ends_in", { time: duration((Date.parse(expires_at) - now()) / 1000) })}`;
  return state === "used" && used_by ? `${made} · ${t("invitations.used_by", { name: used_by })}` : made;
}

customElements.define("er-invitations", Invitations);
