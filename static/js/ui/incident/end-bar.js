// Ending an incident. A false alarm is taken back with one tap, in the first seconds by its sender as a mistake; done for good asks once more.

import { endIncident, undoAlert } from "../../actions/incident/direct-incident.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";

const ASKS_FOR_MS = 4000;
/** UNDO_S of responder/services/directing/end_incident.py. */
export const UNDO_S = 5;

class EndBar extends Element {
  static properties = {
    incidentId: { attribute: false },
    busy: { attribute: false },
    exercise: { attribute: false },
    undoS: { attribute: false },
    language: {},
    asking: { state: true },
  };

  constructor() {
    super();
    this.incidentId = "";
    this.busy = false;
    this.exercise = false;
    /** How many seconds are left to undo; 0 when it cannot be undone. */
    this.undoS = 0;
    /** What there is to say of the end: all recipients are told. */
    this.note = "";
    this.language = "";
    this.asking = false;
  }

  render() {
    const undo = this.undoS > 0;
    const words = undo ? t("end.undo", { n: this.undoS }) : t(this.exercise ? "end.stop_exercise" : "end.false_alarm");
    return html`
      ${this.asking ? html`<label class="end-note">${t("end.note")} <input maxlength="500" placeholder=${t("end.note_hint")} .value=${this.note} @input=${this.#write} /></label>` : nothing}
      <div class="end-bar">
        <button class="button" data-end=${undo ? "undo" : "false_alarm"} ?disabled=${this.busy} @click=${undo ? () => undoAlert(this.incidentId) : this.#falseAlarm}>
          ${icon("undo")}<span>${words}</span>
        </button>
        <button class="button" data-end="resolved" ?disabled=${this.busy} data-asking=${this.asking} @click=${this.#resolve}>
          ${icon("check")}<span>${t(this.asking ? "end.really" : "end.resolved")}</span>
        </button>
      </div>
    `;
  }

  #falseAlarm() {
    void endIncident(this.incidentId, "false_alarm", this.note);
  }

  #resolve() {
    if (this.asking) return void endIncident(this.incidentId, "resolved", this.note);
    this.asking = true;
    this.timer = setTimeout(() => (this.asking = false), ASKS_FOR_MS);
  }

  /** @param {Event} event */
  #write(event) {
    // A person who writes is not hurried.
    clearTimeout(this.timer);
    this.note = /** @type {HTMLInputElement} */ (event.target).value.trim();
  }
}

customElements.define("er-end-bar", EndBar);
