// One inject after the other in letters that a room can read: for a tabletop, on a projector.

import { showLarge, steerDrill } from "../../../actions/drills/steer-run.js";
import { showIncident } from "../../../actions/map/navigation.js";
import { stopwatch } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, keyed, nothing } from "../../../lib/vendor.js";
import { photoOf } from "../../../state/drills/inject-photo.js";
import { standingOf } from "../../../state/drills/ongoing.js";
import { givenInjects, nextInject } from "../../../state/drills/run.js";
import { openIncidents } from "../../../state/selectors.js";
import { icon } from "../../components/icon.js";
import { SYMBOLS, whom } from "./console-injects.js";

/** @typedef {import("../../../types/page.js").DrillConsole} Console */

/** @param {Console} it */
export function largeView(it) {
  const { run, clock, view } = it;
  const given = givenInjects(run);
  const at = Math.max(0, view.shown ? given.findIndex(({ number }) => number === view.shown) : given.length - 1);
  const standing = standingOf(run);
  const real = openIncidents(it.model.live).find(({ incident }) => !incident.exercise);
  return html`
    <div class="large" data-standing=${standing}>
      <header>
        ${real ? html`<button class="button primary big" @click=${() => showIncident(real.incident.id)}>${icon("alarm")}<span>${t("console.real_open")}</span></button>` : nothing}
        <strong>${t("exercise.prefix")}${run.name}</strong>
        <span role="status">${t(`drill_run.${standing}`)}</span>
        <time role="timer" aria-label=${t("console.clock")}>${stopwatch(clock)}</time>
      </header>
      ${given[at] ? shown(given[at], it) : scenario(it)}
      <footer>
        <button class="button big" ?disabled=${at <= 0} aria-label=${t("console.before")} @click=${() => turn(it, given[at - 1]?.number)}>${icon("back")}</button>
        <button class="button big" ?disabled=${at >= given.length - 1} aria-label=${t("console.after")} @click=${() => turn(it, given[at + 1]?.number)}>${icon("forward")}</button>
        ${it.steers ? nextButton(it) : nothing}
        <button class="button big" @click=${() => showLarge(run.drill_id, { large: false, shown: null })}>${t("console.whole")}</button>
      </footer>
    </div>
  `;
}

/**
 * @param {Console} it
 * @param {number | undefined} number
 */
const turn = ({ run }, number) => number !== undefined && showLarge(run.drill_id, { large: true, shown: number });

/**
 * @param {import("../../../types/messages.js").InjectRun} each
 * @param {Console} it
 */
function shown({ number, at_s }, it) {
  const inject = it.shown.drill.plan.injects.find((other) => other.number === number);
  if (!inject) return nothing;
  const src = photoOf(it.model.circleId, it.run.drill_id, inject);
  return keyed(
    number,
    html`<section class="large-inject" ?data-pictured=${src !== null} data-number=${number} aria-live="polite">
      <p class="large-when"><span class="number-mark">${number}</span>${icon(SYMBOLS[inject.kind] ?? "script")}T+${stopwatch(at_s ?? 0)} · ${whom(inject, it)}</p>
      <p class="large-text">${inject.text}</p>
      ${src ? html`<img class="large-photo" src=${src} alt=${t("console.inject_photo", { n: number })} />` : nothing}
      ${inject.expected ? html`<details><summary>${t("console.show_expected")}</summary><p class="large-expected">${inject.expected}</p></details>` : nothing}
    </section>`,
  );
}

/** @param {Console} it */
function scenario({ shown: { drill } }) {
  return html`<section class="large-inject"><p class="large-text">${drill.plan.scenario || t("console.begins")}</p></section>`;
}

/** @param {Console} it */
function nextButton({ run, view }) {
  const next = nextInject(run);
  if (!next) return html`<p class="muted">${t("console.all_given")}</p>`;
  const give = async () => {
    if (await steerDrill(`injects/${next.number}/give`)) showLarge(run.drill_id, { large: true, shown: null });
  };
  return html`<button class="button big violet" ?disabled=${Boolean(view.sending) || run.state !== "running"} @click=${give}>${t("console.give_next", { n: next.number })}</button>`;
}
