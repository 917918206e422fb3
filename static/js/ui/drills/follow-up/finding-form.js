// The form of a finding; what is typed stays until it is saved, also when another changes it meanwhile.

import { changeFinding, createFinding } from "../../../actions/drills/findings.js";
import { drawFindingClosure, showFinding } from "../../../actions/map/navigation.js";
import { ApiError } from "../../../lib/api.js";
import { now } from "../../../lib/clock.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { toast } from "../../../state/model.js";
import { refresh } from "../../../state/resources.js";
import { Element } from "../../components/element.js";
import { partnersOf } from "../../../state/drills/drill-words.js";
import { choiceField, segments, textField } from "../../components/fields.js";
import { linkFields, NO_HAZARD } from "./finding-links.js";
import { isSettled } from "./findings.js";

/**
 * @typedef {import("../../../types/findings.js").Finding} Finding
 * @typedef {import("../../../types/findings.js").FindingWork} Work
 * @typedef {import("../../../types/page.js").Model} Model
 */

const DUE_IN_DAYS = 30;

class FindingForm extends Element {
  static properties = { model: { attribute: false }, finding: { attribute: false }, from: { attribute: false }, typed: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {Model | null} */
    this.model = null;
    /** @type {Finding | null} */
    this.finding = null;
    /** @type {import("../../../types/findings.js").FindingSource} */
    this.from = {};
    /** @type {Partial<Work>} */
    this.typed = {};
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
    /** The version that was typed over. */
    this.seen = /** @type {Finding | null} */ (null);
    this.key = crypto.randomUUID();
  }

  /** @param {import("lit").PropertyValues<this>} changed */
  willUpdate(changed) {
    if (changed.has("finding") && (!this.hasUpdated || changed.get("finding")?.id !== this.finding?.id)) {
      [this.typed, this.problem, this.key] = [this.from.typed ?? {}, null, crypto.randomUUID()];
      this.seen = this.finding;
    }
    if (Object.keys(this.typed).length === 0) this.seen = this.finding;
  }

  /** @returns {Work} */
  get work() {
    const { text = "", owner_id = null, owner_name = "", due_on = dayAfter(DUE_IN_DAYS), state = "open", hazard_id = null, closure_id = null } = this.seen ?? {};
    return { text, owner_id, owner_name, due_on, state: state === "doing" ? "doing" : "open", hazard_id, closure_id, hazard: NO_HAZARD, ...this.typed };
  }

  render() {
    const { model, work, finding, seen } = this;
    if (!model) return nothing;
    const put = (/** @type {Partial<Work>} */ change) => (this.typed = { ...this.typed, ...change });
    const settled = finding !== null && isSettled(finding);
    const nobody = /** @type {[string, string][]} */ ([["", t("findings.no_owner")]]);
    return html`
      <form class="plan finding" @submit=${this.#save}>
        <fieldset class="plan" ?disabled=${this.sending}>
          ${textField(t("findings.text"), work.text, (text) => put({ text }), { longest: 500, rows: 3, required: true })}
          ${choiceField(t("findings.owner"), work.owner_id ?? "", [...nobody, ...partnersOf(model)], (its) => put({ owner_id: its || null }))}
          <div class="two">
            ${textField(t("findings.owner_name"), work.owner_name, (owner_name) => put({ owner_name }), { longest: 200 })}
            <label class="field"
              ><span>${t("findings.due_on")}</span
              ><input type="date" .value=${work.due_on ?? ""} @change=${(/** @type {Event} */ event) => put({ due_on: /** @type {HTMLInputElement} */ (event.target).value || null })}
            /></label>
          </div>
          ${finding && !settled ? segments(t("findings.state"), work.state, [["open", t("findings.state_open")], ["doing", t("findings.state_doing")]], (state) => put({ state })) : nothing}
          ${settled ? nothing : linkFields(model, work, { put, draw: () => drawFindingClosure({ name: "finding", id: finding?.id ?? null, from: { ...this.from, typed: this.typed } }) })}
        </fieldset>
        ${seen && finding && seen.version !== finding.version ? html`<p class="problem" role="alert">${t("findings.changed_meanwhile", { name: finding.changed_by_name })}</p>` : nothing}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <button class="button primary" ?disabled=${this.sending || (finding !== null && !settled && Object.keys(this.typed).length === 0)}>${t(settled ? "findings.reopen" : finding ? "drills.save" : "findings.create")}</button>
      </form>
    `;
  }

  /** @param {Event} event */
  async #save(event) {
    event.preventDefault();
    if (this.sending) return;
    const { seen, from, key, work } = this;
    const links = this.#links(work);
    if (!links) return (this.problem = t("findings.needs_place"));
    const { text, owner_id, owner_name, due_on, state } = work;
    const body = { text, owner_id, owner_name, due_on };
    [this.sending, this.problem] = [true, null];
    try {
      const saved = seen
        ? await changeFinding(seen, { ...body, state, links })
        : await createFinding({ ...body, drill_id: from.drill, observation_id: from.observation, objective: from.objective, ...links }, key);
      if (!saved) return;
      [this.typed, this.seen] = [{}, saved];
      toast(t("drills.saved"));
      if (!seen) showFinding(saved.id, { drill: from.drill, console: from.console });
    } catch (error) {
      const by = error instanceof ApiError ? /** @type {any} */ (error.problem)?.by : null;
      this.problem = codeOf(error) === "edit_conflict" ? t("findings.changed_meanwhile", { name: by ?? "" }) : errorWords(codeOf(error));
      // What was typed is kept, over what the other has saved.
      if (codeOf(error) === "edit_conflict") refresh("findings");
    } finally {
      this.sending = false;
    }
  }

  /**
   * @param {Work} work
   * @returns {object | null} as the server wants them; null: a new hazard is nowhere yet
   */
  #links({ hazard_id, closure_id, hazard: { at, ...hazard } }) {
    if (hazard_id !== "new") return { hazard_id, closure_id };
    const { from, finding, model } = this;
    const place = model?.loaded.drills.value?.find(({ id }) => id === (finding ? finding.drill_id : from.drill))?.place;
    const of = finding && finding.lon !== null && finding.lat !== null ? [finding.lon, finding.lat] : undefined;
    const [lon, lat] = at ?? from.at ?? of ?? (place ? [place.lon, place.lat] : []);
    return lon === undefined ? null : { hazard: { ...hazard, lon, lat }, closure_id };
  }
}

/** @param {number} days  from today on; such as 2025-01-31 */
function dayAfter(days) {
  const day = new Date(now());
  day.setDate(day.getDate() + days);
  return [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

customElements.define("er-finding-form", FindingForm);
