// The master list of injects, in the order in which they come.

import { t } from "../../lib/i18n.js";
import { html, nothing, repeat } from "../../lib/vendor.js";
import { changedInject, INJECT_KINDS, inTime, isRenumbered, renumbered, SYMBOLS, withInject, withoutInject } from "../../state/drills/plan.js";
import { icon } from "../components/icon.js";
import { choiceField, clockField, textField, whom } from "../components/fields.js";
import { partnersOf, whenWords } from "../../state/drills/drill-words.js";
import { injectPhoto } from "./inject-photo.js";
import { injectThing } from "./inject-thing.js";

/**
 * @typedef {import("../components/fields.js").Editing} Editing
 * @typedef {import("../../types/drills.js").Inject} Inject
 * @typedef {import("../../types/drills.js").WaitsFor} WaitsFor
 */

const INJECTS_AT_MOST = 200;
const NONE = "none";

/**
 * @param {Editing} editing
 * @param {number | null} chosen  number of the one that is looked at
 */
export function injectList(editing, chosen) {
  const { plan, edit } = editing;
  const add = (/** @type {Event} */ event) => {
    const select = /** @type {HTMLSelectElement} */ (event.target);
    const kind = /** @type {Inject["kind"]} */ (select.value);
    select.value = "";
    const { plan: next, number } = withInject(plan, kind, "");
    edit(() => next);
    lookAtInject(number);
  };
  return html`
    <details class="fold" ?open=${chosen !== null} data-part="injects">
      <summary><span>${t("drills.injects", { n: plan.injects.length })}</span></summary>
      <ol class="entries">
        ${repeat(inTime(plan.injects), ({ number }) => number, (inject) => row(inject, editing, chosen))}
      </ol>
      <label class="field add"
        ><span class="unseen">${t("drills.add_inject")}</span
        ><select ?disabled=${plan.injects.length >= INJECTS_AT_MOST} @change=${add}>
          <option value="">＋ ${t("drills.add_inject")}</option>
          ${INJECT_KINDS.map((kind) => html`<option value=${kind}>${t(`drills.inject_${kind}`)}</option>`)}
        </select></label
      >
      ${isRenumbered(plan) ? nothing : html`<button class="button" type="button" @click=${() => edit(renumbered)}>${t("drills.renumber")}</button>`}
    </details>
  `;
}

/** @param {number} number  of the inject that is unfolded and brought into view, once it is drawn */
export function lookAtInject(number) {
  requestAnimationFrame(() => {
    const entry = /** @type {HTMLDetailsElement | null} */ (document.querySelector(`[data-inject="${number}"]`));
    for (let fold = entry; fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
    entry?.scrollIntoView({ block: "start" });
    entry?.querySelector("summary")?.focus();
  });
}

/**
 * @param {Inject} inject
 * @param {Editing} editing
 * @param {number | null} chosen
 */
function row(inject, editing, chosen) {
  const { plan, why } = editing;
  const { number, kind, text } = inject;
  return html`
    <li>
      <details class="entry" ?open=${chosen === number || text === ""} data-inject=${number} ?data-wrong=${why(`injects.${number}`)}>
        <summary>
          <span class="number-mark">${number}</span>${icon(SYMBOLS[kind])}
          <span class="entry-words"><span class="when">${whenWords(inject, plan)}</span><strong>${text || t(`drills.inject_${kind}`)}</strong></span>
          ${why(`injects.${number}`) ? html`<span class="mark-wrong">${icon("warning")}<span class="unseen">${t("drills.wrong")}</span></span>` : nothing}
        </summary>
        ${fields(inject, editing)}
      </details>
    </li>
  `;
}

/**
 * @param {Inject} inject
 * @param {Editing} editing
 */
function fields(inject, editing) {
  const { model, plan, edit, why } = editing;
  const { number, after_s, kind, text, expected, partner_ids, objective, waits_for } = inject;
  const put = (/** @type {Partial<Inject>} */ change) => edit((now) => changedInject(now, number, change));
  const wrong = (/** @type {string} */ name) => why(`injects.${number}.${name}`);
  const objectives = plan.objectives.map((each) => /** @type {[string, string]} */ ([each.key, each.text]));
  return html`
    <div class="entry-fields">
      ${choiceField(t("drills.inject_kind"), kind, INJECT_KINDS.map((each) => [each, t(`drills.inject_${each}`)]), (its) => put({ kind: its }), wrong("kind"))}
      ${injectThing(inject, editing)}
      <div class="two">
        ${clockField(t(waits_for ? "drills.after_that" : "drills.at"), after_s, (its) => put({ after_s: its }), wrong("after_s"))}
        ${choiceField(t("drills.waits_for"), waitCode(waits_for), waits(inject, plan), (code) => put({ waits_for: waitOf(code) }), wrong("waits_for"))}
      </div>
      ${textField(t(`drills.text_${kind}`), text, (its) => put({ text: its }), { longest: 500, rows: 2, required: true, why: wrong("text") })}
      ${injectPhoto(inject, editing)}
      ${textField(t("drills.expected"), expected, (its) => put({ expected: its }), { longest: 500, rows: 2, why: wrong("expected") })}
      ${choiceField(t("drills.tries"), objective ?? NONE, [[NONE, t("drills.no_objective")], ...objectives], (key) => put({ objective: key === NONE ? null : key }), wrong("objective"))}
      ${whom(t("drills.for_whom"), partner_ids, partnersOf(model, plan.partner_ids), (ids) => put({ partner_ids: ids }), wrong("partner_ids"))}
      <button class="button" type="button" @click=${() => edit((now) => withoutInject(now, number))}>${icon("close")}<span>${t("drills.remove_inject", { n: number })}</span></button>
    </div>
  `;
}

/**
 * @param {Inject} inject
 * @param {import("../../types/drills.js").DrillPlan} plan
 * @returns {[string, string][]}
 */
function waits(inject, plan) {
  const others = plan.injects.filter(({ number }) => number !== inject.number);
  return [
    [NONE, t("drills.waits_none")],
    ["on_scene", t("drills.waits_on_scene")],
    ...plan.objectives.map((each) => /** @type {[string, string]} */ ([`objective ${each.key}`, t("drills.waits_objective", { name: each.text })])),
    ...others.map((each) => /** @type {[string, string]} */ ([`inject ${each.number}`, t("drills.waits_inject", { n: each.number, text: each.text })])),
  ];
}

/** @param {WaitsFor | null} waits */
const waitCode = (waits) => (waits ? [waits.kind, waits.objective ?? waits.inject].filter((part) => part !== null).join(" ") : NONE);

/**
 * @param {string} code
 * @returns {WaitsFor | null}
 */
function waitOf(code) {
  const [kind, what = ""] = code.split(" ");
  if (kind === "on_scene") return { kind, objective: null, inject: null };
  if (kind === "objective") return { kind, objective: what, inject: null };
  return kind === "inject" ? { kind, objective: null, inject: Number(what) } : null;
}
