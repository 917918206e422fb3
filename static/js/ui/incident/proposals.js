// In the overview: messages of other systems that wait for a decision, those decided, and a way to send one in.

import { sendIn } from "../../actions/incident/proposals.js";
import { showProposal } from "../../actions/map/navigation.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { kindIcon } from "../../state/kinds.js";
import { mayDecide, openProposals } from "../../state/proposals.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";
import { faultWords, sourceOf, titleOf } from "./proposal.js";

/**
 * What waits for a person: before everything that only informs.
 * @param {import("../../types/page.js").Model} model
 */
export function waitingProposals(model) {
  const open = openProposals(model);
  if (!mayDecide(model.live) || open.length === 0) return nothing;
  return html`
    <h2>${t("proposal.waiting", { n: open.length })}</h2>
    ${open.map((each) => row(each, model))}
  `;
}

/** @param {import("../../types/page.js").Model} model */
export function otherProposals(model) {
  if (!mayDecide(model.live)) return nothing;
  const closed = model.loaded.proposals.value?.filter(({ state }) => state !== "open") ?? [];
  return html`
    <details class="fold">
      <summary>${icon("signal")}<span>${t("proposal.others", { n: closed.length })}</span></summary>
      ${closed.map((each) => row(each, model))}
      <er-send-in .language=${model.language}></er-send-in>
    </details>
  `;
}

/**
 * @param {import("../../types/page.js").Proposal} proposal
 * @param {import("../../types/page.js").Model} model
 */
function row(proposal, model) {
  const mark = proposal.exercise ? t("exercise.prefix") : "";
  const below = proposal.state === "open" ? sourceOf(proposal) : `${t(`proposal.state_${proposal.state}`)} · ${sourceOf(proposal)}`;
  const title = titleOf(proposal);
  return listRow(kindIcon(proposal.kind, model), title.startsWith(mark) ? title : mark + title, { below, act: () => showProposal(proposal.id) });
}

class SendIn extends Element {
  static properties = { language: {}, busy: { state: true }, error: { state: true }, messages: { state: true } };

  constructor() {
    super();
    this.language = "";
    this.busy = false;
    /** @type {string | null} */
    this.error = null;
    /** @type {readonly import("../../types/page.js").ReceivedMessage[]} */
    this.messages = [];
  }

  render() {
    return html`
      <label>
        ${t("proposal.send_in")}
        <input type="file" accept=".cap,.xml,.atom,.rss,application/cap+xml,application/xml" ?disabled=${this.busy} @change=${this.#send} />
      </label>
      ${this.busy ? html`<div class="progress"></div>` : nothing}
      ${this.error ? html`<p class="problem" role="alert">${errorWords(this.error)}</p>` : nothing}
      <div role="status">
        <ul class="rows">
          ${this.messages.map((each) => this.#message(each))}
        </ul>
      </div>
    `;
  }

  /** @param {import("../../types/page.js").ReceivedMessage} message */
  #message({ outcome, title, faults }) {
    return html`<li class="row">
      ${icon(outcome === "refused" ? "warning" : "check")}
      <div>
        <strong>${t(`proposal.${outcome}`)}</strong>
        <small><bdi>${title}</bdi></small>
        ${faults.map((each) => html`<small>${faultWords(each)} ${each.where ? html`<code>${each.where}</code>` : nothing}</small>`)}
      </div>
    </li>`;
  }

  /** @param {Event} event */
  async #send(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const file = input.files?.[0];
    if (!file || this.busy) return;
    [this.busy, this.error, this.messages] = [true, null, []];
    try {
      this.messages = await sendIn(file);
    } catch (error) {
      this.error = codeOf(error);
    } finally {
      this.busy = false;
      // The same file, mended, can be chosen again.
      input.value = "";
    }
  }
}

customElements.define("er-send-in", SendIn);
