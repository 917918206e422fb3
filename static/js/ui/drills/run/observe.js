// What a person sees of a drill: one tap writes it down, then more can be said of it; lanes and people that they report.

import { addPhoto, dropObservation, observe, say } from "../../../actions/drills/observe.js";
import { steerDrill } from "../../../actions/drills/steer-run.js";
import { goBack, showDrillLane, showOverview } from "../../../actions/map/navigation.js";
import { errorWords } from "../../../lib/errors.js";
import { secondsOfDay, stopwatch } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing, repeat } from "../../../lib/vendor.js";
import { counted } from "../../../state/drills/run.js";
import { ownOf } from "../../../state/drills/observed.js";
import { clockS, closedBy, ongoingDrill, standingOf } from "../../../state/drills/ongoing.js";
import { incidentById } from "../../../state/selectors.js";
import { icon } from "../../components/icon.js";
import { listRow } from "../../components/list-row.js";
import { viewHeader } from "../../components/view-header.js";
import { rollCallEntry } from "../../incident/roll-call-entry.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {Extract<import("../../../types/page.js").View, { name: "drill_observe" }>} ObserveView
 * @typedef {import("../../../types/page.js").PendingObservation} PendingObservation
 */

const VERDICTS = /** @type {const} */ ([
  ["good", "check"],
  ["improve", "warning"],
  ["note", "script"],
]);

/**
 * @param {Model} model
 * @param {ObserveView} view
 * @param {number} nowMs
 * @returns {import("../../../types/page.js").PanelView}
 */
export function observeView(model, view, nowMs) {
  const { live, observed } = model;
  const run = ongoingDrill(live, view.id);
  const of = observed.find(({ id }) => id === view.of);
  const below = run ? html`${t(`drill_run.${standingOf(run)}`)} · <time>${stopwatch(clockS(run, nowMs))}</time>` : t("drill_run.ended");
  const body = html`
    ${viewHeader(run?.name ?? t("observe.title"), { symbol: "drill", below, back: () => goBack(showOverview) })}
    <div class="verdicts" role="group" aria-label=${t("observe.title")}>
      ${VERDICTS.map(([verdict, symbol]) => html`<button class="verdict" data-verdict=${verdict} @click=${() => observe(view.id, verdict)}>${icon(symbol)}<span>${t(`observe.${verdict}`)}</span></button>`)}
    </div>
    <p class="unseen" role="status">${of ? t("observe.kept", { verdict: t(`observe.${of.verdict}`), time: secondsOfDay(of.at) }) : ""}</p>
    ${of ? more(of, model) : html`<p class="muted">${t("observe.how")}</p>`}
    ${view.error ? html`<p class="problem" role="alert">${errorWords(view.error)}</p>` : nothing}
    ${run ? reports(run, live, Boolean(view.sending)) : nothing}
    ${own(model, view)}
  `;
  return { body, exercise: true };
}

/**
 * What can be said of the one just written down; it is kept already.
 * @param {PendingObservation} item
 * @param {Model} model
 */
function more(item, { loaded }) {
  const { id, verdict, at, text, objective, photo } = item;
  const objectives = loaded.observations.value?.objectives ?? [];
  const wordsOf = (/** @type {Event} */ event) => /** @type {HTMLInputElement} */ (event.target).value;
  return html`
    <section class="observed" data-verdict=${verdict} aria-label=${t("observe.more")}>
      <p><strong>${t(`observe.${verdict}`)}</strong> <time>${secondsOfDay(at)}</time> ${stateWords(item)}</p>
      <label>${t("observe.text")}<textarea rows="2" maxlength="500" .value=${text} @input=${(/** @type {Event} */ event) => say(id, { text: wordsOf(event) })}></textarea></label>
      ${objectives.length > 0
        ? html`<label>${t("observe.objective")}<select @change=${(/** @type {Event} */ event) => say(id, { objective: wordsOf(event) || null })}>
            <option value="" ?selected=${objective === null}>${t("observe.no_objective")}</option>
            ${objectives.map(({ key, text: words }) => html`<option value=${key} ?selected=${objective === key}>${words}</option>`)}
          </select></label>`
        : nothing}
      <label class="button photo">${icon("plus")}<span>${t(photo ? "observe.photo_other" : "observe.photo")}</span><input class="unseen" type="file" accept="image/*" capture="environment" @change=${(/** @type {Event} */ event) => takePhoto(id, event)} /></label>
    </section>
  `;
}

/**
 * @param {string} id
 * @param {Event} event
 */
function takePhoto(id, { target }) {
  const input = /** @type {HTMLInputElement} */ (target);
  const [file] = input.files ?? [];
  if (file) void addPhoto(id, file);
  // The same picture taken again is another one.
  input.value = "";
}

/**
 * @param {Pick<PendingObservation, "said" | "sent" | "photo" | "refused">} item
 */
const stateWords = ({ said, sent, photo, refused }) => html`<small class="sent-state" data-state=${refused ? "refused" : sent >= said && !photo ? "sent" : "waiting"}>${refused ? errorWords(refused) : t(sent >= said && !photo ? "observe.sent" : waitingWords())}</small>`;

const waitingWords = () => (navigator.onLine ? "observe.sending" : "observe.waiting");

/**
 * @param {import("../../../types/messages.js").DrillRun} run
 * @param {import("../../../types/page.js").CircleState} live
 * @param {boolean} busy
 */
function reports(run, live, busy) {
  const exercise = run.incident_id ? incidentById(live, run.incident_id) : null;
  const people = counted(run);
  const count = (/** @type {number} */ n) => html`<button class="button" ?disabled=${busy || people + n < 0} @click=${() => void steerDrill("roll-call", { people: n })}>${n > 0 ? `+${n}` : `−${-n}`}</button>`;
  return html`
    ${run.closures.map((closure) => {
      const inject = closedBy(run, closure.id);
      return inject === null ? nothing : html`<div class="drill-lane">${listRow("barrier", `${t("exercise.prefix")}${closure.name || t("observe.lane")}`, { below: t("observe.lane_open"), act: () => showDrillLane(run.drill_id, inject) })}</div>`;
    })}
    ${exercise?.roll_call
      ? rollCallEntry(exercise, { offered: false })
      : html`<details class="fold roll-call">
          <summary>${icon("people")}<span>${t("observe.roll_call", { n: people })}</span></summary>
          <div class="count-buttons">${[-1, 1, 5].map(count)}</div>
        </details>`}
  `;
}

/**
 * @param {Model} model
 * @param {ObserveView} view
 */
function own(model, view) {
  const { live, observed, loaded, circleId } = model;
  const known = (loaded.observations.value?.observations ?? []).filter(({ by, drill_id }) => by === live.viewer?.account_id && drill_id === view.id);
  const all = ownOf(observed.filter(({ drill_id }) => drill_id === view.id), known);
  if (all.length === 0) return nothing;
  const waiting = all.filter(({ state }) => state === "waiting").length;
  return html`
    <h3>${t("observe.own", { n: all.length })}${waiting > 0 ? html` <small>${t("observe.own_waiting", { n: waiting })}</small>` : nothing}</h3>
    <ol class="own-observations">
      ${repeat(all, ({ id }) => id, ({ id, verdict, text, at, state, hasPhoto, refused }) => html`
        <li data-verdict=${verdict} data-state=${state}>
          <span><strong>${t(`observe.${verdict}`)}</strong> <time>${secondsOfDay(at)}</time>${text ? html`<br />${text}` : nothing}</span>
          ${hasPhoto ? html`<img src=${`/api/circles/${circleId}/drills/${view.id}/observations/${id}/photo`} alt=${t("observe.photo_of")} loading="lazy" />` : nothing}
          <small class="sent-state" data-state=${state}>${refused ? errorWords(refused) : t(state === "sent" ? "observe.sent" : waitingWords())}</small>
          ${refused ? html`<button class="square" aria-label=${t("observe.drop")} @click=${() => dropObservation(id)}>${icon("close")}</button>` : nothing}
        </li>`)}
    </ol>
  `;
}
