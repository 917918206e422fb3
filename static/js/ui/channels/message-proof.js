// What became of each message, by person and channel: the proof that they were told, or why not.

import { messagesOf } from "../../actions/channels/channels.js";
import { askProofAfterS } from "../../actions/channels/proof-pace.js";
import { secondsOfDay, timeWithSeconds } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { everySeconds } from "../../lib/ticks.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";
import { messageChip, whyWords } from "./message-chip.js";

/** @typedef {import("../../types/channels.js").MessageProof} MessageProof */

const STEPS = /** @type {const} */ (["queued", "sent", "accepted", "delivered", "opened", "answered", "failed"]);

class MessageProofTable extends Element {
  static properties = { circleId: {}, detail: { attribute: false }, language: {}, messages: { state: true }, shown: { state: true } };

  constructor() {
    super();
    this.circleId = "";
    /** @type {import("../../types/messages.js").IncidentDetail | null} */
    this.detail = null;
    /** The state of the incident that the messages were asked for at. @type {unknown} */
    this.askedAbout = null;
    this.askedAtMs = -Infinity;
    this.language = "";
    /** @type {MessageProof[] | null} */
    this.messages = null;
    this.shown = false;
  }

  connectedCallback() {
    super.connectedCallback();
    this.stop = everySeconds(1, () => this.#follow());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.stop?.();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    const before = /** @type {{ incident: { id: string } } | null | undefined} */ (changed.get("detail"));
    if (before && before.incident.id !== this.incidentId) {
      this.messages = null;
      this.askedAtMs = -Infinity;
    }
    if (changed.has("detail") || changed.has("shown")) this.#follow(changed.has("shown"));
  }

  get incidentId() {
    return this.detail?.incident.id ?? "";
  }

  /** @param {boolean} [now]  whatever was asked before */
  #follow(now = false) {
    if (!this.detail || document.visibilityState !== "visible") return;
    const { messages, shown, detail } = this;
    const waitS = askProofAfterS({ messages, shown, stale: detail !== this.askedAbout, ended: detail.incident.ended_at !== null });
    if (!now && performance.now() - this.askedAtMs < waitS * 1000) return;
    this.askedAtMs = performance.now();
    void this.#load(detail);
  }

  /** @param {import("../../types/messages.js").IncidentDetail} detail */
  async #load(detail) {
    const { id } = detail.incident;
    try {
      const found = await messagesOf(this.circleId, id);
      if (id !== this.incidentId) return;
      this.messages = found;
      this.askedAbout = detail;
    } catch {
      // What was read last stays; the next round asks again.
    }
  }

  render() {
    const messages = /** @type {MessageProof[]} */ (this.messages ?? []);
    if (messages.length === 0) return nothing;
    const failed = messages.filter(({ state }) => state === "failed").length;
    return html`
      <details class="fold proof" @toggle=${(/** @type {Event} */ event) => (this.shown = /** @type {HTMLDetailsElement} */ (event.target).open)}>
        <summary>
          ${icon("signal")}
          <span>${t("proof.title", { n: messages.length })}${failed > 0 ? html` <strong class="missing">${t("proof.failed", { n: failed })}</strong>` : nothing}</span>
        </summary>
        ${this.shown ? html`<div class="proof-table" role="region" tabindex="0" aria-label=${t("proof.title", { n: messages.length })}>${table(messages)}</div>` : nothing}
      </details>
    `;
  }
}

/** @param {MessageProof[]} messages */
const table = (messages) => html`
  <table>
    <thead>
      <tr>
        <th scope="col">${t("proof.person")}</th>
        <th scope="col">${t("proof.state")}</th>
        <th scope="col">${t("proof.channel")}</th>
        ${STEPS.map((step) => html`<th scope="col">${t(`message_state.${step}`)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${repeat(messages, ({ id }) => id, row)}
    </tbody>
  </table>
`;

/** @param {MessageProof} message */
const row = (message) => html`
  <tr data-message=${message.state}>
    <th scope="row">${message.recipient_name}${message.purpose === "correction" ? html`<small>${t("message_purpose.correction")}</small>` : nothing}</th>
    <td>
      ${messageChip(message.state)}
      ${message.answer ? html`<small>${t(`message_answer.${message.answer}`)}</small>` : nothing}
      ${message.reason && message.state !== "accepted" ? html`<small>${whyWords(message)}</small>` : nothing}
    </td>
    <td>${t(`channel.${message.channel}`)}<small>${[message.service_name, message.address].filter(Boolean).join(" · ")}</small></td>
    ${STEPS.map((step) => {
      const at = step === "queued" ? message.queued_at : message[/** @type {"sent_at"} */ (`${step}_at`)];
      return html`<td>${at ? html`<time datetime=${at} title=${timeWithSeconds(at)}>${secondsOfDay(at)}</time>` : "–"}${step === "accepted" && message.service_message_id ? html`<small>${message.service_message_id}</small>` : nothing}</td>`;
    })}
  </tr>
`;

customElements.define("er-message-proof", MessageProofTable);
