// The form of a finding; what is typed stays until it is saved, also when another changes it meanwhile.

import { changeFinding, createFinding } from "../../actions/drills/findings.js";
import { showFinding } from "../../actions/map/navigation.js";
import { ApiError } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { toast } from "../../state/model.js";
import { refresh } from "../../state/resources.js";
import { Element } from "../components/element.js";
import { partnersOf } from "../../state/drills/drill-words.js";
import { choiceField, segments, textField } from "./fields.js";
import { isSettled } from "./findings.js";

/**
 * @typedef {import("../../types/findings.js").Finding} Finding
 * @typedef {{ text: string, owner_id: string | null, owner_name: string, due_on: string | null, state: "open" | "doing" }} Work
 */

const HAZARDS = ["blocked_lane", "ebike_charging", "wiring", "blocked_exit", "stairwell_clutter", "gas_cylinder"];
const NO_HAZARD = { on: false, kind: "ebike_charging", grade: "general", name: "" };

class FindingForm extends Element {
  static properties = { model: { attribute: false }, finding: { attribute: false }, from: { attribute: false }, typed: { state: true }, hazard: { state: true }, sending: { state: true }, problem: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/page.js").Model | null} */
    this.model = null;
    /** @type {Finding | null} */
    this.finding = null;
    /** @type {import("../../types/findings.js").FindingSource} */
    this.from = {};
    /** @type {Partial<Work>} */
    this.typed = {};
    this.hazard = NO_HAZARD;
    this.sending = false;
    /** @type {string | null} */
    this.problem = null;
    /** The version that was typed over. */
    this.seen = /** @type {Finding | null} */ (null);
    this.key = crypto.randomUUID();
  }

  /** @param {import("lit").PropertyValues<this>} changed */
  willUpdate(changed) {
    if (changed.has("finding") && changed.get("finding")?.id !== this.finding?.id) {
      [this.typed, this.problem, this.hazard, this.key] = [{}, null, NO_HAZARD, crypto.randomUUID()];
    }
    if (Object.keys(this.typed).length === 0) this.seen = this.finding;
  }

  /** @returns {Work} */
  get work() {
    const { text = this.from.text ?? "", owner_id = null, owner_name = "", due_on = null, state = "open" } = this.seen ?? {};
    return { text, owner_id, owner_name, due_on, state: state === "doing" ? "doing" : "open", ...this.typed };
  }

  render() {
    const { model, work, finding, seen, hazard } = this;
    if (!model) return nothing;
    const put = (/** @type {Partial<Work>} */ change) => (this.typed = { ...this.typed, ...change });
    const settled = finding !== null && isSettled(finding);
    const nobody = /** @type {[string, string][]} */ ([["", t("findings.no_owner")]]);
    return html`
      <form class="plan finding" @submit=${this.#save}>
        <fieldset class="plan" ?disabled=${this.sending}>
          ${textField(t("findings.text"), work.text, (text) => put({ text }), { longest: 500, rows: 3, required: !this.from.observation })}
          ${choiceField(t("findings.owner"), work.owner_id ?? "", [...nobody, ...partnersOf(model)], (its) => put({ owner_id: its || null }))}
          <div class="two">
            ${textField(t("findings.owner_name"), work.owner_name, (owner_name) => put({ owner_name }), { longest: 200 })}
            <label class="field"
              ><span>${t("findings.due_on")}</span
              ><input type="date" .value=${work.due_on ?? ""} @change=${(/** @type {Event} */ event) => put({ due_on: /** @type {HTMLInputElement} */ (event.target).value || null })}
            /></label>
          </div>
          ${finding && !settled ? segments(t("findings.state"), work.state, [["open", t("findings.state_open")], ["doing", t("findings.state_doing")]], (state) => put({ state })) : nothing}
          ${!finding && this.from.drill ? this.#hazard(hazard) : nothing}
        </fieldset>
        ${seen && finding && seen.version !== finding.version ? html`<p class="problem" role="alert">${t("findings.changed_meanwhile", { name: finding.changed_by_name })}</p>` : nothing}
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <button class="button primary" ?disabled=${this.sending || (finding !== null && !settled && Object.keys(this.typed).length === 0)}>${t(settled ? "findings.reopen" : finding ? "drills.save" : "findings.create")}</button>
      </form>
    `;
  }

  /** @param {typeof NO_HAZARD} hazard */
  #hazard(hazard) {
    const put = (/** @type {Partial<typeof NO_HAZARD>} */ change) => (this.hazard = { ...hazard, ...change });
    return html`
      <label class="choice"><input type="checkbox" .checked=${hazard.on} @change=${() => put({ on: !hazard.on })} /><span>${t("findings.as_hazard")}</span></label>
      ${hazard.on
        ? html`<div class="two">
              ${choiceField(t("findings.hazard_kind"), hazard.kind, HAZARDS.map((each) => [each, t(`hazard_kind.${each}`)]), (kind) => put({ kind }))}
              ${choiceField(t("findings.hazard_grade"), hazard.grade, [["general", t("hazard_grade.general")], ["major", t("hazard_grade.major")]], (grade) => put({ grade }))}
            </div>
            ${textField(t("findings.hazard_name"), hazard.name, (name) => put({ name }), { longest: 200, required: true })}`
        : nothing}
    `;
  }

  /** @param {Event} event */
  async #save(event) {
    event.preventDefault();
    if (this.sending) return;
    [this.sending, this.problem] = [true, null];
    const { seen, work, from, key } = this;
    try {
      const saved = seen ? await changeFinding(seen, work) : await createFinding(this.#created(from), key);
      if (!saved) return;
      [this.typed, this.seen] = [{}, saved];
      toast(t("drills.saved"));
      if (!seen) showFinding(saved.id, from);
    } catch (error) {
      const by = error instanceof ApiError ? /** @type {any} */ (error.problem)?.by : null;
      this.problem = codeOf(error) === "edit_conflict" ? t("findings.changed_meanwhile", { name: by ?? "" }) : errorWords(codeOf(error));
      // What was typed is kept, over what the other has saved.
      if (codeOf(error) === "edit_conflict") refresh("findings");
    } finally {
      this.sending = false;
    }
  }

  /** @param {import("../../types/findings.js").FindingSource} from */
  #created({ drill, observation, objective }) {
    const { text, owner_id, owner_name, due_on } = this.work;
    const { on, ...hazard } = this.hazard;
    const place = this.model?.loaded.drills.value?.find(({ id }) => id === drill)?.place;
    const marks = on && place ? { hazard: { ...hazard, lon: place.lon, lat: place.lat } } : {};
    return { text, owner_id, owner_name, due_on, drill_id: drill, observation_id: observation, objective, ...marks };
  }
}

customElements.define("er-finding-form", FindingForm);
