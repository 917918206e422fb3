// The audit log of a circle: who did what, when and from where, and whether the chain still holds.

import { readAudit, verifyAudit } from "../../actions/accounts/audit.js";
import { listPeople } from "../../actions/accounts/people.js";
import { problemOf, problemWords } from "../../lib/errors.js";
import { dayAndTime, number } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { kindName, kindOf } from "../../state/kinds.js";
import { html, nothing } from "../../lib/vendor.js";
import { auditRun } from "./audit-row.js";
import { AUDIT_ACTIONS, inRuns } from "../../state/audit-actions.js";
import { LAYERS } from "../../state/layers.js";
import { icon } from "../components/icon.js";
import { ScreenElement } from "../components/screen-element.js";
import { screen } from "../components/screen.js";

/**
 * @typedef {import("../../types/page.js").AuditRecord} AuditRecord
 * @typedef {import("../../types/page.js").Person} Person
 * @typedef {import("../../types/page.js").Verification} Verification
 */

const EVERYTHING = Object.freeze({ actor: "", action: "", since: "", until: "" });

/** @extends {ScreenElement<{ records: AuditRecord[], next: number | null }>} */
class Audit extends ScreenElement {
  static properties = { filter: { state: true }, people: { state: true }, verification: { state: true }, unverified: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/page.js").AuditFilter} */
    this.filter = EVERYTHING;
    /** @type {Person[]} */
    this.people = [];
    /** @type {Verification | null} */
    this.verification = null;
    /** @type {import("../../types/page.js").Problem | null} */
    this.unverified = null;
  }

  connectedCallback() {
    super.connectedCallback();
    // A list that grows while it is read would move under the eyes.
    this.stop?.();
  }

  firstUpdated() {
    super.firstUpdated();
    void this.#verify();
    listPeople(this.circleId).then((people) => (this.people = people), () => {});
  }

  ask() {
    return readAudit(this.circleId, this.filter, null);
  }

  render() {
    const body = html`${this.#state()} ${this.#form()} ${this.whenLoaded((page) => this.#page(page))}`;
    return screen(this.model, "audit", { problem: this.refused, body });
  }

  #state() {
    const found = this.verification;
    if (this.unverified) return html`<p class="problem" role="alert">${t("audit.unverified")}</p>`;
    if (!found) return html`<p class="muted" role="status">${t("audit.verifying")}</p>`;
    const good = found.first_bad === null;
    return html`
      <section class="verification" data-good=${good} role=${good ? "status" : "alert"}>
        ${icon(good ? "shield" : "warning")}
        <div>
          <strong>${good ? t("audit.whole", { n: number(found.rows) }) : t("audit.broken", { seq: String(found.first_bad) })}</strong>
          <small>${good ? t("audit.checked", { time: dayAndTime(found.checked_at) }) : t("audit.broken_next", { reason: t(`audit_flaw.${found.reason}`) })}</small>
          ${good && found.head
            ? html`<details><summary>${t("audit.head", { seq: String(found.head.seq) })}</summary><code>${found.head.hash}</code></details>`
            : nothing}
        </div>
        <button class="button" ?disabled=${this.busy} @click=${() => this.#verify()}>${t("audit.verify_again")}</button>
      </section>
    `;
  }

  #form() {
    const { actor, action, since, until } = this.filter;
    return html`
      <form class="form filter" role="search" aria-label=${t("audit.search")} @submit=${this.#search} @reset=${this.#reset}>
        <label>
          ${t("audit.who")}
          <select name="actor">
            <option value="">${t("audit.anybody")}</option>
            ${this.people.map((each) => html`<option value=${each.account_id} ?selected=${each.account_id === actor}>${each.name}</option>`)}
          </select>
        </label>
        <label>
          ${t("audit.what")}
          <select name="action">
            <option value="">${t("audit.anything")}</option>
            ${AUDIT_ACTIONS.map((each) => html`<option value=${each} ?selected=${each === action}>${t(`audit_action.${each}`)}</option>`)}
          </select>
        </label>
        <label>${t("audit.since")} <input name="since" type="date" .value=${since} /></label>
        <label>${t("audit.until")} <input name="until" type="date" .value=${until} /></label>
        <button class="button primary" ?disabled=${this.busy}>${icon("search")}<span>${t("audit.find")}</span></button>
        <button class="button" type="reset">${t("audit.reset")}</button>
      </form>
    `;
  }

  /** @param {{ records: AuditRecord[], next: number | null }} page */
  #page({ records, next }) {
    if (records.length === 0) return html`<p class="empty" role="status">${t("audit.nothing_found")}</p>`;
    return html`
      <ol class="rows audit">
        ${this.#runs(records).map((run) => auditRun(run, (id) => this.#nameOf(id)))}
      </ol>
      ${next === null
        ? html`<p class="muted" role="status">${t("audit.all_shown", { n: number(records.length) })}</p>`
        : html`<button class="button" ?disabled=${this.busy} @click=${() => this.#older(next)}>${t("audit.older")}</button>`}
    `;
  }

  /**
   * A search for one action shows each of its records.
   * @param {AuditRecord[]} records
   */
  #runs(records) {
    return this.filter.action ? records.map((each) => [each]) : inRuns(records);
  }

  /**
   * What an identifier in a record stands for, as far as it is still known.
   * @param {string} id
   */
  #nameOf(id) {
    const { snapshot } = this.model.live;
    const known = [...(snapshot?.partners ?? []), ...LAYERS.flatMap((layer) => layer.all(this.model))].find((each) => each.id === id);
    if (known) return nameOf(known);
    if (kindOf(id, this.model)) return kindName(id, this.model);
    const incident = snapshot?.incidents.find((each) => each.incident.id === id)?.incident;
    return incident ? `${kindName(incident.kind, this.model)} ${placeName(incident.place, this.model)}` : null;
  }

  async #verify() {
    this.verification = null;
    this.unverified = null;
    try {
      this.verification = await verifyAudit(this.circleId);
    } catch (error) {
      this.unverified = problemOf(error);
    }
  }

  /** @param {SubmitEvent} event */
  #search(event) {
    event.preventDefault();
    const given = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const word = (/** @type {string} */ field) => String(given.get(field) ?? "");
    this.filter = { actor: word("actor"), action: word("action"), since: word("since"), until: word("until") };
    this.value = null;
    void this.load();
  }

  #reset() {
    this.filter = EVERYTHING;
    this.value = null;
    void this.load();
  }

  /** @param {number} before */
  async #older(before) {
    const known = this.value?.records ?? [];
    const { filter } = this;
    this.busy = true;
    this.refused = null;
    try {
      const page = await readAudit(this.circleId, filter, before);
      if (filter === this.filter) this.value = { records: [...known, ...page.records], next: page.next };
    } catch (error) {
      this.refused = problemWords(problemOf(error));
    } finally {
      this.busy = false;
    }
  }
}

customElements.define("er-audit", Audit);
