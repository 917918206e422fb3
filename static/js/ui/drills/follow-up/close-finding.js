// Close a finding: what was done, and what that settles on the map; or say that nothing will be.

import { closeFinding } from "../../../actions/drills/findings.js";
import { ApiError } from "../../../lib/api.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { thingById } from "../../../state/layers.js";
import { toast } from "../../../state/model.js";
import { refresh } from "../../../state/resources.js";
import { Element } from "../../components/element.js";
import { textField } from "../../components/fields.js";

class CloseFinding extends Element {
  static properties = { model: { attribute: false }, finding: { attribute: false }, note: { state: true }, settle: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {import("../../../types/page.js").Model | null} */
    this.model = null;
    /** @type {import("../../../types/findings.js").Finding | null} */
    this.finding = null;
    this.note = "";
    this.settle = true;
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
  }

  render() {
    const { model, finding } = this;
    if (!model || !finding) return nothing;
    const settles = this.#settles(model, finding);
    return html`
      <details class="fold" data-part="close">
        <summary><span>${t("findings.close_title")}</span></summary>
        <fieldset class="plan" ?disabled=${this.sending}>
          ${textField(t("findings.note"), this.note, (note) => (this.note = note), { longest: 500, rows: 2 })}
          ${settles ? html`<label class="choice"><input type="checkbox" .checked=${this.settle} @change=${() => (this.settle = !this.settle)} /><span>${settles}</span></label>` : nothing}
          ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
          <div class="choices">
            <button class="button primary" type="button" @click=${() => this.#close({ settle: settles !== null && this.settle, drop: false })}>${t("findings.close")}</button>
            <button class="button" type="button" ?disabled=${this.note.trim() === ""} @click=${() => this.#close({ settle: false, drop: true })}>${t("findings.drop")}</button>
          </div>
          <p class="muted">${t("findings.drop_needs_note")}</p>
        </fieldset>
      </details>
    `;
  }

  /**
   * @param {import("../../../types/page.js").Model} model
   * @param {import("../../../types/findings.js").Finding} finding
   * @returns {string | null} what closing may settle on the map
   */
  #settles(model, { hazard_id, closure_id }) {
    const hazard = hazard_id ? /** @type {any} */ (thingById(model, "hazard", hazard_id)) : null;
    const isClosed = closure_id !== null && Boolean(thingById(model, "closure", closure_id));
    // Both are settled, or neither.
    if (isClosed && !may(model.live.viewer, "set_closure")) return null;
    const words = [hazard && hazard.state !== "closed" ? t("findings.settle_hazard", { name: hazard.name }) : null, isClosed ? t("findings.settle_closure") : null];
    return words.filter(Boolean).join(" ") || null;
  }

  /** @param {{ settle: boolean, drop: boolean }} how */
  async #close(how) {
    const { finding, note } = this;
    if (!finding || this.sending) return;
    [this.sending, this.problem] = [true, null];
    try {
      await closeFinding(finding, { note, ...how });
      this.note = "";
      toast(t("findings.closed"));
    } catch (error) {
      const by = error instanceof ApiError ? /** @type {any} */ (error.problem)?.by : null;
      this.problem = codeOf(error) === "edit_conflict" ? t("findings.changed_meanwhile", { name: by ?? "" }) : errorWords(codeOf(error));
      if (codeOf(error) === "edit_conflict") refresh("findings");
    } finally {
      this.sending = false;
    }
  }
}

customElements.define("er-close-finding", CloseFinding);
