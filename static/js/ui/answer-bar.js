// The one button of whoever is called: accept, set out, arrive. Where the thumb is.

import { answerAlert } from "../actions/answer-alert.js";
import { timeOfDay } from "../format.js";
import { t } from "../i18n.js";
import { myCall, rank, withOutbox } from "../selectors.js";
import { html, nothing } from "../vendor.js";
import { icon } from "./icon.js";
import "./sure-button.js";

/** What comes next, by how far somebody is. */
const NEXT = /** @type {const} */ ({ accepted: "en_route", en_route: "on_scene" });

/**
 * @param {import("../messages.js").IncidentPicture} picture
 * @param {import("../types.js").Model} model
 */
export function answerBar(picture, { live, outbox }) {
  const call = myCall(picture, live.viewer);
  if (!call) return nothing;
  const { state, waiting } = withOutbox(outbox, call);
  const { id } = picture.incident;
  const note = waiting && rank(state) >= rank("declined") ? html`<p class="waiting" role="status">${icon("no_signal")}${t("answer.waiting")}</p>` : nothing;

  const withdraw = html`<er-sure-button .words=${t("answer.withdraw")} .act=${() => answerAlert(id, "withdrawn")}></er-sure-button>`;
  if (state === "withdrawn") return html`<p class="answered">${t(waiting ? "state.withdrawn" : "answer.withdrawn")}</p>${note}`;
  if (state === "on_scene" || state === "released") {
    const at = call.times["on_scene"];
    return html`<p class="answered">${icon("check")}<strong>${t("state.on_scene")}</strong> ${at ? timeOfDay(at) : ""}</p>${state === "on_scene" ? withdraw : nothing}${note}`;
  }
  const next = state === "accepted" || state === "en_route" ? NEXT[state] : "accepted";
  return html`
    ${state === "declined" ? html`<p class="answered">${t("answer.declined")}</p>` : nothing}
    <div class="answer">
      <button class="button respond big" @click=${() => answerAlert(id, next)}>
        ${icon(next === "on_scene" ? "pin" : next === "en_route" ? "forward" : "check")}<span>${t(`answer.${next}`)}</span>
      </button>
      ${rank(state) < rank("declined")
        ? html`<button class="button big" @click=${() => answerAlert(id, "declined")}>${t("answer.decline")}</button>`
        : nothing}
    </div>
    ${rank(state) >= rank("accepted") ? withdraw : nothing} ${note}
  `;
}
