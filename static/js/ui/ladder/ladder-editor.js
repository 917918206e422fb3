// Edit the ladders of the circle: what is typed is kept here until it is saved or dropped.

import { saveLadders } from "../../actions/incident/ladders.js";
import { errorWords } from "../../lib/errors.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { Element } from "../components/element.js";
import { icon } from "../components/icon.js";

/**
 * @typedef {import("../../types/ladder.js").Ladders} Ladders
 * @typedef {import("../../types/ladder.js").LadderProfile} LadderProfile
 * @typedef {import("../../types/messages.js").Rung} Rung
 */

const KINDS = /** @type {const} */ (["call", "remind", "neighbours", "call_list"]);
const CONDITIONS = /** @type {const} */ (["always", "not_enough", "nobody"]);
const REACH = /** @type {const} */ (["in_time", "beyond", "off_duty"]);
const EXPIRES_AFTER_S = 600;

class LadderEditor extends Element {
  static properties = { shown: { attribute: false }, language: {}, draft: { state: true }, sending: { state: true }, refused: { state: true } };

  constructor() {
    super();
    /** @type {import("../../types/ladder.js").ShownLadders | null} */
    this.shown = null;
    this.language = "";
    /** @type {Ladders | null} */
    this.draft = null;
    this.sending = false;
    /** @type {{ code: string, field: string | null, by: string | null } | null} */
    this.refused = null;
  }

  render() {
    if (!this.shown) return nothing;
    const { default: chosen, profiles } = this.draft ?? this.shown;
    return html`
      ${this.refused ? html`<p class="problem" role="alert">${this.#refusal(this.refused)}</p>` : nothing}
      ${profiles.map((profile, at) => this.#profile(profile, at, chosen))}
      <div class="choices">
        <button class="button primary big" ?disabled=${!this.draft || this.sending} @click=${() => this.#save(this.draft)}>${t(this.draft ? "ladders.save" : "ladders.unchanged")}</button>
        ${this.draft ? html`<button class="button big" ?disabled=${this.sending} @click=${() => (this.draft = null)}>${t("ladders.drop")}</button>` : nothing}
      </div>
      ${this.shown.is_custom && !this.draft
        ? html`<er-confirm-button .words=${t("ladders.all_to_default")} .act=${() => this.#save(null)} ?disabled=${this.sending}></er-confirm-button>`
        : nothing}
    `;
  }

  /**
   * @param {LadderProfile} profile
   * @param {number} at
   * @param {string} chosen
   */
  #profile(profile, at, chosen) {
    const put = (/** @type {Partial<LadderProfile>} */ change) => this.#putProfile(at, change);
    return html`
      <details class="fold ladder-profile" data-key=${profile.key}>
        <summary><span>${nameOf(profile)}</span>${profile.key === chosen ? html`<span class="mark">${t("ladders.default")}</span>` : nothing}</summary>
        <label class="choice"><input type="radio" name="default-ladder" .checked=${profile.key === chosen} @change=${() => this.#put({ default: profile.key })} /><span>${t("ladders.make_default")}</span></label>
        ${this.#text(t("ladders.name"), profile.name, (name) => put({ name }))} ${this.#text(t("ladders.name_en"), profile.name_en, (name_en) => put({ name_en }))}
        ${this.#number(t("ladders.enough"), profile.enough, (enough) => put({ enough }))}
        <ol class="rungs">
          ${profile.rungs.map((rung, index) => this.#rung(rung, index, at))}
        </ol>
        <div class="choices">
          <button class="button" @click=${() => this.#addRung(at)}>${icon("plus")}<span>${t("ladders.add_step")}</span></button>
          <button class="button" @click=${() => this.#copy(at)}>${t("ladders.copy")}</button>
          ${profile.key !== chosen ? html`<button class="button" @click=${() => this.#removeProfile(at)}>${t("ladders.remove")}</button>` : nothing}
        </div>
      </details>
    `;
  }

  /**
   * @param {Rung} rung
   * @param {number} index
   * @param {number} at
   */
  #rung(rung, index, at) {
    const put = (/** @type {Partial<Rung>} */ change) => this.#putRung(at, index, change);
    const first = index === 0;
    return html`
      <li class="rung-fields">
        ${this.#text(t("ladders.step_name", { n: index + 1 }), rung.name, (name) => put({ name }))} ${this.#text(t("ladders.step_name_en", { n: index + 1 }), rung.name_en, (name_en) => put({ name_en }))}
        ${first ? nothing : this.#number(t("ladders.after_s"), rung.after_s, (after_s) => put({ after_s }))}
        ${first ? nothing : this.#select(t("ladders.kind"), rung.kind, KINDS, (each) => t(`ladders.kind_${each}`), (kind) => put(kind === "call" ? { kind, reach: ["beyond"] } : { kind, reach: [], within_s: null, wanted_only: false, roles: [], partner_kinds: [], capabilities: [] }))}
        ${this.#select(t("ladders.condition"), rung.condition, CONDITIONS, (each) => t(`ladder.when_${each}`), (condition) => put({ condition }))}
        ${rung.kind === "call"
          ? html`
              <fieldset class="reach-choices">
                <legend>${t("ladders.reach")}</legend>
                ${REACH.map(
                  (each) => html`<label class="choice"><input type="checkbox" .checked=${rung.reach.includes(each)} ?disabled=${first && each === "in_time"} @change=${() => put({ reach: REACH.filter((other) => (other === each) !== rung.reach.includes(other)) })} /><span>${t(`ladders.reach_${each}`)}</span></label>`,
                )}
              </fieldset>
              ${this.#number(t("ladders.within_s"), rung.within_s, (within_s) => put({ within_s: within_s || null }))}
              ${this.#text(t("ladders.capabilities"), rung.capabilities.join(" "), (text) => put({ capabilities: text.split(/[\s,，、]+/).filter(Boolean) }))}
              <label class="choice"><input type="checkbox" .checked=${rung.wanted_only} @change=${() => put({ wanted_only: !rung.wanted_only })} /><span>${t("ladders.wanted_only")}</span></label>
            `
          : nothing}
        ${first ? nothing : html`<button class="button" @click=${() => this.#removeRung(at, index)}>${icon("close")}<span>${t("ladders.remove_step", { n: index + 1 })}</span></button>`}
      </li>
    `;
  }

  /**
   * @param {string} words
   * @param {string} value
   * @param {(value: string) => void} put
   */
  #text(words, value, put) {
    return html`<label class="field"><span>${words}</span><input maxlength="64" autocomplete="off" .value=${value} @change=${(/** @type {Event} */ event) => put(valueOf(event))} /></label>`;
  }

  /**
   * @param {string} words
   * @param {number | null} value
   * @param {(value: number) => void} put
   */
  #number(words, value, put) {
    return html`<label class="field"><span>${words}</span><input inputmode="numeric" maxlength="5" autocomplete="off" .value=${value === null ? "" : String(value)} @change=${(/** @type {Event} */ event) => put(Number(valueOf(event)) || 0)} /></label>`;
  }

  /**
   * @template {string} T
   * @param {string} words
   * @param {T} value
   * @param {readonly T[]} all
   * @param {(value: T) => string} wordsOf
   * @param {(value: T) => void} put
   */
  #select(words, value, all, wordsOf, put) {
    return html`<label class="field"
      ><span>${words}</span
      ><select @change=${(/** @type {Event} */ event) => put(/** @type {T} */ (valueOf(event)))}>
        ${all.map((each) => html`<option value=${each} ?selected=${each === value}>${wordsOf(each)}</option>`)}
      </select></label
    >`;
  }

  /** @param {Partial<Ladders>} change */
  #put(change) {
    const { default: chosen, profiles } = this.draft ?? /** @type {Ladders} */ (this.shown);
    this.draft = { default: chosen, profiles, ...change };
    this.refused = null;
  }

  get #profiles() {
    return (this.draft ?? /** @type {Ladders} */ (this.shown)).profiles;
  }

  /**
   * @param {number} at
   * @param {Partial<LadderProfile>} change
   */
  #putProfile(at, change) {
    this.#put({ profiles: this.#profiles.map((each, index) => (index === at ? { ...each, ...change } : each)) });
  }

  /**
   * @param {number} at
   * @param {number} index
   * @param {Partial<Rung>} change
   */
  #putRung(at, index, change) {
    const rungs = (this.#profiles[at]?.rungs ?? []).map((each, number) => (number === index ? { ...each, ...change } : each));
    this.#putProfile(at, { rungs: rungs.sort((a, b) => a.after_s - b.after_s) });
  }

  /** @param {number} at */
  #addRung(at) {
    const rungs = this.#profiles[at]?.rungs ?? [];
    const after_s = (rungs.at(-1)?.after_s ?? 0) + 60;
    const rung = { name: t("ladders.kind_remind"), name_en: "", kind: /** @type {const} */ ("remind"), after_s, condition: /** @type {const} */ ("always"), reach: [], within_s: null, roles: [], partner_kinds: [], capabilities: [], wanted_only: false, expires_after_s: EXPIRES_AFTER_S };
    this.#putProfile(at, { rungs: [...rungs, rung] });
  }

  /**
   * @param {number} at
   * @param {number} index
   */
  #removeRung(at, index) {
    this.#putProfile(at, { rungs: (this.#profiles[at]?.rungs ?? []).filter((_, number) => number !== index) });
  }

  /** @param {number} at */
  #copy(at) {
    const profile = this.#profiles[at];
    if (!profile) return;
    const keys = this.#profiles.map(({ key }) => key);
    const key = Array.from({ length: 99 }, (_, n) => `own_${n + 1}`).find((each) => !keys.includes(each)) ?? "own";
    const copy = { ...profile, key, name: t("ladders.copy_of", { name: profile.name }), name_en: profile.name_en };
    this.#put({ profiles: [...this.#profiles, copy] });
  }

  /** @param {number} at */
  #removeProfile(at) {
    this.#put({ profiles: this.#profiles.filter((_, index) => index !== at) });
  }

  /** @param {Ladders | null} ladders */
  async #save(ladders) {
    if (!this.shown || this.sending) return;
    this.sending = true;
    this.refused = await saveLadders(ladders, this.shown.version);
    if (!this.refused) this.draft = null;
    this.sending = false;
  }

  /** @param {{ code: string, field: string | null, by: string | null }} refused */
  #refusal({ code, field, by }) {
    if (code === "edit_conflict") return t("ladders.changed_by", { name: by ?? "" });
    const [, profile, , rung] = field?.split(".") ?? [];
    const named = this.#profiles[Number(profile)];
    if (!named) return errorWords(code);
    return rung === undefined ? t("ladders.refused", { name: nameOf(named) }) : t("ladders.refused_step", { name: nameOf(named), n: Number(rung) + 1 });
  }
}

/** @param {Event} event */
const valueOf = (event) => /** @type {HTMLInputElement | HTMLSelectElement} */ (event.target).value.trim();

customElements.define("er-ladder-editor", LadderEditor);
