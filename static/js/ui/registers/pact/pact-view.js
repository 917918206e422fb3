// The pact of the circle: read it, sign it, and see who has.

import { draftPact, listPacts, pactAddress, readPact, signPact } from "../../../actions/registers/pact.js";
import { goBack, showRegister } from "../../../actions/map/navigation.js";
import { hasWords, nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { dayWords } from "../../../state/drills/drill-words.js";
import { icon } from "../../components/icon.js";
import { listRow } from "../../components/list-row.js";
import { viewHeader } from "../../components/view-header.js";
import { PactElement } from "./pact-element.js";
import { dayAndTimeWithYear, dutyText, oftenWords } from "./pact-words.js";
import "../../components/confirm-button.js";
import "../../components/print-link.js";
import "./pact-form.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/pact.js").Pact} Pact
 * @typedef {import("../../../types/pact.js").PactSummary} PactSummary
 */

const KINDS = /** @type {const} */ (["publicity", "drills", "facilities", "rescue"]);

/**
 * @param {Model} model
 * @param {import("../../../types/page.js").RegisterView} view
 * @returns {import("../../../types/page.js").PanelView}
 */
export function pactView(model, { id }) {
  const body = html`
    ${viewHeader(t("registers.pact"), { symbol: "script", below: t("pact.means"), back: () => goBack(() => showRegister("home")) })}
    <er-pact .model=${model} .pactId=${id ?? null} .language=${model.language}></er-pact>
  `;
  return { body };
}

/** @extends {PactElement<{ pacts: readonly PactSummary[], pact: Pact | null }>} */
class PactPage extends PactElement {
  static properties = { pactId: { attribute: false }, language: {}, editing: { state: true } };

  constructor() {
    super();
    /** @type {string | null} */
    this.pactId = null;
    this.language = "";
    this.editing = false;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    if (this.hasUpdated && changed.has("pactId")) {
      this.editing = false;
      void this.load();
    }
  }

  async ask() {
    const { pacts } = await listPacts(this.circleId);
    const shown = pacts.find(({ id }) => id === this.pactId) ?? pacts.find(({ state }) => state === "signed") ?? pacts[0];
    return { pacts, pact: shown ? await readPact(this.circleId, shown.id) : null };
  }

  render() {
    return html`
      ${this.refused ? html`<p class="problem" role="alert">${this.refused}</p>` : nothing}
      ${this.whenLoaded(({ pacts, pact }) => (pact ? this.#all(pacts, pact) : this.#none()))}
    `;
  }

  #none() {
    return html`<p class="muted">${t("pact.none")}</p>${this.#draft([])}`;
  }

  /**
   * @param {readonly PactSummary[]} pacts
   * @param {Pact} pact
   */
  #all(pacts, pact) {
    const mayEdit = may(this.model.live.viewer, "edit_pact") && pact.state === "draft";
    if (this.editing && mayEdit) {
      return html`<er-pact-form .model=${this.model} .pact=${pact} .done=${() => this.#edited()}></er-pact-form>`;
    }
    const { content } = pact;
    return html`
      <section class="pact">
        <h3>${nameOf(content)}</h3>
        <p class="muted">${t(`pact.state_${pact.state}`)} · ${t("pact.version", { n: String(pact.number) })} · ${t("pact.from_to", { first: dayWords(content.valid_from), last: dayWords(content.valid_until) })}</p>
        ${pact.renewal === "none" ? nothing : html`<p class="note" role="status">${t(`pact.renewal_${pact.renewal}`, { day: dayWords(content.valid_until) })}</p>`}
        ${pact.may_sign ? this.#sign(pact) : nothing}
        ${mayEdit ? html`<button class="button" @click=${() => (this.editing = true)}>${icon("script")}<span>${t("pact.edit")}</span></button>` : nothing}
        <h4>${t("pact.parties")}</h4>
        <ul class="pact-parties">${content.parties.map((party) => this.#party(party, pact))}</ul>
        ${KINDS.map((kind) => this.#duties(kind, pact))}
        ${this.#annex(pact)}
        <p class="muted">${t("pact.hash")}<br /><code class="pact-hash">${pact.document_hash}</code></p>
        <er-print-link .address=${pactAddress(this.circleId, pact.id, "zh-CN")} .words=${t("pact.pdf_zh")}></er-print-link>
        <er-print-link .address=${pactAddress(this.circleId, pact.id, "en")} .words=${t("pact.pdf_en")}></er-print-link>
      </section>
      ${pact.state === "draft" ? nothing : listRow("check", t("pact.score"), { below: t("pact.score_means"), act: () => showRegister("duties") })}
      ${this.#draft(pacts)} ${this.#versions(pacts, pact)}
    `;
  }

  /** @param {Pact} pact */
  #sign(pact) {
    const partner = this.partnerName(this.model.live.viewer?.partner_id ?? null);
    return html`
      <section class="pact-box">
        <p>${t("pact.sign_means")}</p>
        <er-confirm-button class="pact-sign" .words=${t("pact.sign_for", { partner })} .act=${() => this.run(() => signPact(this.circleId, pact), t("pact.signed"))} .disabled=${this.busy}></er-confirm-button>
      </section>
    `;
  }

  /**
   * @param {import("../../../types/pact.js").PactParty} party
   * @param {Pact} pact
   */
  #party(party, { signatures }) {
    const signature = signatures.find(({ partner_id }) => partner_id === party.partner_id);
    const below = signature ? t("pact.signed_by", { name: signature.account_name, at: dayAndTimeWithYear(signature.at) }) : t("pact.unsigned");
    return html`<li ?data-signed=${signature}>${icon(signature ? "check" : "clock")}<span><strong>${nameOf(party)}</strong><small>${[party.signatory, below].filter(Boolean).join(" · ")}</small></span></li>`;
  }

  /**
   * @param {string} kind
   * @param {Pact} pact
   */
  #duties(kind, { content }) {
    const duties = content.duties.filter((each) => each.kind === kind);
    if (duties.length === 0) return nothing;
    const owner = (/** @type {string | null} */ id) => {
      const party = content.parties.find(({ partner_id }) => partner_id === id);
      return party ? nameOf(party) : t("pact.everyone");
    };
    return html`
      <h4>${t(`duty_kind.${kind}`)}</h4>
      <ul class="pact-duties">${duties.map((each) => html`<li>${dutyText(each)}<small>${owner(each.owner_id)} · ${oftenWords(each)}</small></li>`)}</ul>
    `;
  }

  /** @param {Pact} pact */
  #annex({ annex, state, signatures }) {
    const isFixed = state !== "draft" || signatures.length > 0;
    const kindWords = (/** @type {string} */ kind) => (hasWords(`facility_kind.${kind}`) ? t(`facility_kind.${kind}`) : kind);
    return html`
      <details class="fold">
        <summary><span>${t("pact.annex", { n: String(annex.length) })}</span></summary>
        <p class="muted">${t(isFixed ? "pact.annex_signed" : "pact.annex_draft")}</p>
        <ul class="pact-duties">
          ${annex.map((each) => html`<li>${nameOf(each)}<small>${[kindWords(each.kind), nameOf({ name: each.owner, name_en: each.owner_en }), each.note].filter(Boolean).join(" · ")}</small></li>`)}
        </ul>
      </details>
    `;
  }

  /** @param {readonly PactSummary[]} pacts */
  #draft(pacts) {
    if (!may(this.model.live.viewer, "edit_pact") || pacts.some(({ state }) => state === "draft")) return nothing;
    return html`<button class="button" ?disabled=${this.busy} @click=${() => this.run(() => this.#make())}>${icon("plus")}<span>${t(pacts.length === 0 ? "pact.draft_first" : "pact.draft_next")}</span></button>`;
  }

  async #make() {
    const made = await draftPact(this.circleId);
    showRegister("pact", made.id);
  }

  /**
   * @param {readonly PactSummary[]} pacts
   * @param {Pact} shown
   */
  #versions(pacts, shown) {
    const others = pacts.filter(({ id }) => id !== shown.id);
    if (others.length === 0) return nothing;
    return html`
      <h4>${t("pact.other_versions")}</h4>
      ${others.map((each) =>
        listRow("script", t("pact.version", { n: String(each.number) }), { below: `${t(`pact.state_${each.state}`)} · ${t("pact.from_to", { first: dayWords(each.valid_from), last: dayWords(each.valid_until) })}`, act: () => showRegister("pact", each.id) }),
      )}
    `;
  }

  #edited() {
    this.editing = false;
    void this.load();
  }
}

customElements.define("er-pact", PactPage);
