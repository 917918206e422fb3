// What is thrown in, by the clock: what each says, what it should lead to, whom it is for, and what can be done with it.

import { steerDrill } from "../../../actions/drills/steer-run.js";
import { listed, stopwatch } from "../../../lib/format.js";
import { nameOf, t } from "../../../lib/i18n.js";
import { html, nothing, repeat } from "../../../lib/vendor.js";
import { deedsOf, nextInject } from "../../../state/drills/run.js";
import { photoOf } from "../../../state/drills/inject-photo.js";
import { icon } from "../../components/icon.js";
import { picture } from "../../components/picture.js";

/**
 * @typedef {import("../../../types/page.js").DrillConsole} Console
 * @typedef {import("../../../types/messages.js").InjectRun} InjectRun
 * @typedef {import("../../../types/drills.js").Inject} Inject
 */

export const SYMBOLS = /** @type {Readonly<Record<string, string>>} */ ({ message: "script", telephone: "phone", hazard: "warning", closure: "barrier", unit_out: "people", casualty: "medical" });

/** @param {Console} it */
export function injectRows(it) {
  const { run, shown } = it;
  const next = nextInject(run);
  const ordered = [...run.injects].sort((a, b) => timeOf(a) - timeOf(b) || a.number - b.number);
  const isToCome = (/** @type {InjectRun} */ { state }) => state === "planned" || state === "held";
  const toCome = ordered.filter(isToCome);
  const past = ordered.filter((each) => !isToCome(each)).reverse();
  const list = (/** @type {InjectRun[]} */ some) => html`<ol class="injects">
    ${repeat(some, ({ number }) => number, (each) => row(each, shown.drill.plan.injects.find(({ number }) => number === each.number), { it, isNext: each === next }))}
  </ol>`;
  return html`
    <h3>${t("console.to_come", { n: toCome.length })}</h3>
    ${ordered.length === 0 ? html`<p class="muted">${t("console.no_injects")}</p>` : nothing} ${list(toCome)}
    ${past.length > 0 ? html`<h3>${t("console.past", { n: past.length })}</h3>${list(past)}` : nothing}
  `;
}

/**
 * @param {import("lit").TemplateResult} words
 * @param {Inject} inject
 * @param {Console} it
 */
function withPicture(words, inject, { model, run }) {
  const src = photoOf(model.circleId, run.drill_id, inject);
  return src ? html`<div class="with-picture">${words}${picture(src, t("console.inject_photo", { n: inject.number }))}</div>` : words;
}

/** @param {InjectRun} each */
const timeOf = ({ at_s, due_s }) => at_s ?? due_s ?? Infinity;

/**
 * @param {InjectRun} each
 * @param {Inject | undefined} inject
 * @param {{ it: Console, isNext: boolean }} how
 */
function row(each, inject, { it, isNext }) {
  const { number, state, by_name } = each;
  if (!inject) return nothing;
  return html`
    <li class="inject" data-state=${state} ?data-next=${isNext && it.run.state === "running"} data-number=${number}>
      <p class="inject-head">
        <span class="number-mark">${number}</span>${icon(SYMBOLS[inject.kind] ?? "script")}
        <strong class="when">${whenWords(each, it)}</strong>
        <span class="inject-state">${t(it.run.ended_at && state === "planned" ? "console.inject_not_given" : `console.inject_${state}`)}${by_name ? html` · ${by_name}` : nothing}</span>
      </p>
      ${withPicture(html`<p class="inject-text">${inject.text}</p>`, inject, it)}
      ${inject.expected ? html`<p class="muted"><b>${t("console.expected")}</b>${inject.expected}</p>` : nothing}
      <p class="muted"><b>${t("console.for_whom")}</b>${whom(inject, it)}</p>
      ${it.steers ? deeds(each, it) : nothing}
    </li>
  `;
}

/**
 * @param {InjectRun} each
 * @param {Console} it
 */
function whenWords({ state, at_s, due_s }, { clock, run }) {
  const at = at_s ?? due_s;
  if (at === null) return t("console.waits");
  const mark = `T+${stopwatch(at)}`;
  const left = due_s !== null && state === "planned" && !run.ended_at ? due_s - clock : 0;
  return left > 0 ? html`${mark} <small>${t("console.in", { time: stopwatch(Math.ceil(left)) })}</small>` : mark;
}

/**
 * @param {Inject} inject
 * @param {Console} it
 */
export function whom({ kind, partner_ids }, { model }) {
  if (kind === "telephone") return t("console.for_console");
  if (partner_ids.length === 0) return t("console.for_all");
  const partners = model.live.snapshot?.partners ?? [];
  return listed(partner_ids.map((id) => partners.find((each) => each.id === id)).filter((each) => each !== undefined).map(nameOf));
}

/**
 * @param {InjectRun} each
 * @param {Console} it
 */
export function deeds(each, { run, view }) {
  const possible = deedsOf(each, run);
  if (possible.length === 0) return nothing;
  const busy = Boolean(view.sending);
  return html`<p class="deeds">
    ${possible.map((deed) => {
      const act = () => void steerDrill(`injects/${each.number}/${deed}`);
      const words = t(deed === "undo" && each.state === "given" ? "console.withdraw" : `console.${deed}`);
      // Those who were told are told otherwise: not by a slip of the finger.
      if (deed === "undo" && each.state === "given") return html`<er-confirm-button .words=${words} .disabled=${busy} .act=${act}></er-confirm-button>`;
      return html`<button class="button ${deed === "give" ? "violet" : ""}" data-deed=${deed} ?disabled=${busy} @click=${act}>${words}</button>`;
    })}
  </p>`;
}
