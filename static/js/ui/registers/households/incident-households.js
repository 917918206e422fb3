// Who lives in the building of a real incident and needs help to get out: for those who come, when they open it.

import { householdsAtIncident } from "../../../actions/incident/households.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { Element } from "../../components/element.js";
import { icon } from "../../components/icon.js";

/**
 * @typedef {import("../../../types/households.js").IncidentHouseholds} Found
 * @typedef {import("../../../types/households.js").HouseholdToHelp} Household
 */

class IncidentHouseholds extends Element {
  static properties = { circleId: {}, incidentId: {}, language: {}, found: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.circleId = "";
    this.incidentId = "";
    this.language = "";
    /** @type {Found | null} */
    this.found = null;
    /** @type {string | null} */
    this.problem = null;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("incidentId")) this.found = null;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.found = null;
  }

  render() {
    return html`<details class="fold" data-part="households" @toggle=${this.#toggled}>
      <summary>${icon("people")}<span>${t("incident_households.title")}</span></summary>
      ${this.problem ? html`<p class="problem" role="alert">${errorWords(this.problem)}</p>` : nothing} ${this.found ? shown(this.found) : nothing}
    </details>`;
  }

  /** @param {Event} event */
  async #toggled(event) {
    if (!(/** @type {HTMLDetailsElement} */ (event.target).open)) {
      this.found = null;
      return;
    }
    this.problem = null;
    try {
      this.found = await householdsAtIncident(this.circleId, this.incidentId);
    } catch (error) {
      this.problem = codeOf(error);
    }
  }
}

/** @param {Found} found */
function shown({ doors, need_help, exercise, households }) {
  const numbers = doors === 0 ? t("incident_households.none") : t("incident_households.numbers", { doors, n: need_help });
  return html`
    <p role="status"><strong>${numbers}</strong></p>
    ${exercise ? html`<p class="muted">${t("incident_households.exercise")}</p>` : nothing}
    <ul class="rows" data-part="household-rows">
      ${(households ?? []).map(row)}
    </ul>
  `;
}

/** @param {Household} household */
const row = (household) => html`<li data-help=${household.help_kinds.length > 0 || household.help_people > 0}>
  <strong>${household.door}</strong>
  <span>
    ${[
      household.floor === null ? "" : t("household.floor", { n: household.floor }),
      t("household.people", { n: household.people }),
      ...household.help_kinds.map((kind) => t(`help_kind.${kind}`)),
      household.help_note,
      household.language && household.language !== "cmn" ? t(`spoken.${household.language}`) : "",
      household.contact_name,
    ]
      .filter(Boolean)
      .join(" · ")}
  </span>
  ${household.contact_phone ? html`<a class="button" href="tel:${household.contact_phone}">${icon("phone")}<span>${household.contact_phone}</span></a>` : nothing}
</li>`;

customElements.define("er-incident-households", IncidentHouseholds);
