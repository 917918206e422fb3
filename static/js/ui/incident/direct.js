// What staff say of an open incident: how far it has come, its colour, its place, a word to all, and that it is another one.

import { mergeInto, sendUpdate, setSeverity, setStage } from "../../actions/incident/direct-incident.js";
import { startMovingPin } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import "../components/confirm-button.js";
import { icon } from "../components/icon.js";

const STAGES = /** @type {const} */ (["raised", "confirmed", "under_control"]);
const SEVERITIES = /** @type {const} */ (["red", "orange", "yellow", "blue"]);
const LONGEST = 500;

class Direct extends Element {
  static properties = { incident: { attribute: false }, others: { attribute: false }, busy: { attribute: false }, language: {}, text: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/messages.js").Incident | null} */
    this.incident = null;
    /** @type {readonly { id: string, words: string }[]} open ones that it may be the same as */
    this.others = [];
    this.busy = false;
    this.language = "";
    this.text = "";
    /** Of what is written now: trying again tells no one twice. */
    this.key = crypto.randomUUID();
  }

  render() {
    const { incident } = this;
    if (!incident) return nothing;
    return html`
      <section class="direct" aria-label=${t("direct.title")}>
        <fieldset class="segments">
          <legend>${t("direct.stage")}</legend>
          ${STAGES.map((stage) => html`<button data-stage=${stage} aria-pressed=${incident.stage === stage} ?disabled=${this.busy} @click=${() => setStage(incident.id, stage)}>${t(`stage.${stage}`)}</button>`)}
        </fieldset>
        <fieldset class="segments">
          <legend>${t("direct.severity")}</legend>
          ${SEVERITIES.map(
            (each) => html`<button class="severity-${each}" data-severity=${each} aria-pressed=${incident.severity === each} ?disabled=${this.busy} @click=${() => setSeverity(incident.id, each)}>${t(`severity.${each}`)}</button>`,
          )}
        </fieldset>
        <form class="direct-update" @submit=${this.#send}>
          <label>${t("direct.update")} <textarea rows="2" maxlength=${LONGEST} placeholder=${t("direct.update_hint")} .value=${this.text} @input=${this.#write}></textarea></label>
          <button class="button" ?disabled=${this.busy || this.text.trim() === ""}>${icon("alarm")}<span>${t("direct.send")}</span></button>
        </form>
        <button class="button" data-move ?disabled=${this.busy} @click=${() => startMovingPin(incident.id)}>${icon("pin")}<span>${t("direct.move")}</span></button>
        ${this.others.map(
          ({ id, words }) => html`<er-confirm-button .words=${t("direct.merge", { what: words })} .act=${() => mergeInto(incident.id, id)} ?disabled=${this.busy}></er-confirm-button>`,
        )}
      </section>
    `;
  }

  /** @param {Event} event */
  #write(event) {
    this.text = /** @type {HTMLTextAreaElement} */ (event.target).value;
    this.key = crypto.randomUUID();
  }

  /** @param {Event} event */
  async #send(event) {
    event.preventDefault();
    const { incident, text, key } = this;
    const isSent = incident && (await sendUpdate(incident.id, text.trim(), key));
    // What was written meanwhile is the next one.
    if (isSent && this.key === key) [this.text, this.key] = ["", crypto.randomUUID()];
  }
}

customElements.define("er-direct", Direct);
