// Choosing a role and an organisation, and what each role may do: from the table by which the server decides.

import { nameOf, t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { MAY, may } from "../../state/access.js";

export const ROLES = Object.freeze(["coordinator", "dispatcher", "responder", "planner", "observer"]);
/** Rights that all have, or that follow from others, say nothing about a role. */
const UNREMARKABLE = new Set(["view", "report_position"]);

/**
 * @param {object} how
 * @param {string} how.role
 * @param {string | null} how.partnerId
 * @param {readonly import("../../types/page.js").PartnerCard[]} how.partners
 * @param {(role: string) => void} how.choose
 * @param {(partnerId: string | null) => void} how.choosePartner
 */
export const roleFields = ({ role, partnerId, partners, choose, choosePartner }) => html`
  <label>
    ${t("people.role")}
    <select name="role" @change=${(/** @type {Event} */ event) => choose(chosen(event))}>
      ${ROLES.map((each) => html`<option value=${each} ?selected=${each === role}>${t(`role.${each}`)}</option>`)}
    </select>
  </label>
  <p class="muted">${roleWords(role)}</p>
  <label>
    ${t("people.partner")}
    <select name="partner_id" ?required=${needsPartner(role)} @change=${(/** @type {Event} */ event) => choosePartner(chosen(event) || null)}>
      <option value="" ?selected=${partnerId === null}>${t(needsPartner(role) ? "people.choose_partner" : "people.no_partner")}</option>
      ${partners.map((each) => html`<option value=${each.id} ?selected=${each.id === partnerId}>${nameOf(each)}</option>`)}
    </select>
  </label>
`;

/** @param {Event} event */
const chosen = (event) => /** @type {HTMLSelectElement} */ (event.target).value;

/**
 * Units and incidents are those of an organisation: without one these two would see nothing.
 * @param {string} role
 */
export const needsPartner = (role) => role === "dispatcher" || role === "responder";

/**
 * Alerts call only those who may answer them, so only those are given a unit.
 * @param {string} role
 */
export const mayBeCalled = (role) => may({ role }, "answer_alert");

/** @param {string} role */
export function rightsOf(role) {
  return Object.keys(MAY).filter((action) => !UNREMARKABLE.has(action) && MAY[action]?.includes(role));
}

/** @param {string} role */
function roleWords(role) {
  const rights = rightsOf(role).map((action) => t(`may.${action}`));
  return rights.length > 0 ? t("people.may", { rights: rights.join(t("people.and")) }) : t("people.may_only_view");
}

/** All roles beside each other. */
export const roleTable = () => html`
  <details class="fold">
    <summary><span>${t("people.what_roles_may")}</span></summary>
    <dl class="role-table">
      ${ROLES.map((role) => html`<dt>${t(`role.${role}`)}</dt><dd>${roleWords(role)}</dd>`)}
    </dl>
  </details>
`;

