// Ending an incident. A false alarm is taken back with one tap; done for good asks once more.

import { endIncident } from "../../actions/incident/end-incident.js";
import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";

const ASKS_FOR_MS = 4000;

class EndBar extends Element {
  static properties = {
    incidentId: { attribute: false },
    busy: { attribute: false },
    exercise: { attribute: false },
    language: {},
    asking: { state: true },
  };

  constructor() {
    super();
    this.incidentId = "";
    this.busy = false;
    this.exercise = false;
    this.language = "";
    this.asking = false;
  }

  render() {
    return html`
      <div class="end-bar">
        <button class="button" data-end="false_alarm" ?disabled=${this.busy} @click=${() => endIncident(this.incidentId, "false_alarm")}>
          ${icon("undo")}<span>${t(this.exercise ? "end.stop_exercise" : "end.false_alarm")}</span>
        </button>
        <button class="button" data-end="resolved" ?disabled=${this.busy} data-asking=${this.asking} @click=${this.#resolve}>
          ${icon("check")}<span>${t(this.asking ? "end.really" : "end.resolved")}</span>
        </button>
      </div>
    `;
  }

  #resolve() {
    if (this.asking) return void endIncident(this.incidentId, "resolved");
    this.asking = true;
    setTimeout(() => (this.asking = false), ASKS_FOR_MS);
  }
}

customElements.define("er-end-bar", EndBar);
