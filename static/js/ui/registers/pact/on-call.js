// At the head of daily work: who is on call tonight, what one is asked for, and what has to be renewed or signed.

import { listPacts, readRoster } from "../../../actions/registers/pact.js";
import { showRegister } from "../../../actions/map/navigation.js";
import { listed } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { dayWords } from "../../../state/drills/drill-words.js";
import { listRow } from "../../components/list-row.js";
import { PactElement } from "./pact-element.js";

/**
 * @typedef {import("../../../types/pact.js").Roster} Roster
 * @typedef {import("../../../types/pact.js").PactList} PactList
 */

/** @extends {PactElement<{ roster: Roster, pacts: PactList }>} */
class OnCall extends PactElement {
  static properties = { language: {} };

  constructor() {
    super();
    this.language = "";
  }

  async ask() {
    const [roster, pacts] = await Promise.all([readRoster(this.circleId, null, 1), listPacts(this.circleId)]);
    return { roster, pacts };
  }

  render() {
    // What cannot be loaded is said by the pages themselves.
    return this.value ? html`${this.#roster(this.value.roster)} ${this.#pact(this.value.pacts)}` : nothing;
  }

  /** @param {Roster} roster */
  #roster({ tonight, people, asked }) {
    const names = tonight.map(({ responder_id, unit_id }) => `${people.find(({ id }) => id === responder_id)?.name ?? ""}（${this.unitName(unit_id)}）`);
    const below = names.length === 0 ? t("roster.no_one") : listed(names);
    return html`
      ${listRow("calendar", t("roster.tonight"), { below, act: () => showRegister("roster") })}
      ${asked.length > 0 ? listRow("people", t("roster.asked_you", { n: String(asked.length) }), { act: () => showRegister("roster") }) : nothing}
    `;
  }

  /** @param {PactList} list */
  #pact({ pacts }) {
    const due = pacts.find(({ renewal }) => renewal !== "none");
    const mine = pacts.find(({ may_sign }) => may_sign);
    return html`
      ${due ? listRow("warning", t(`pact.renewal_${due.renewal}`, { day: dayWords(due.valid_until) }), { act: () => showRegister("pact", due.id) }) : nothing}
      ${mine ? listRow("script", t("pact.waits_for_you"), { act: () => showRegister("pact", mine.id) }) : nothing}
    `;
  }
}

customElements.define("er-on-call", OnCall);
