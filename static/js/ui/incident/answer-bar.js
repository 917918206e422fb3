// The buttons of a person who is called: accept, set out, arrive; decline or withdraw. Where the thumb is.

import { answerAlert } from "../../actions/incident/answer-alert.js";
import { timeOfDay } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { kindIcon, kindName } from "../../state/kinds.js";
import { html, nothing } from "../../lib/vendor.js";
import { myCall, openIncidents, rank, withOutbox } from "../../state/selectors.js";
import { icon } from "../components/icon.js";
import "../components/confirm-button.js";

/** What comes next, by how far the person is. */
const NEXT = /** @type {const} */ ({ accepted: "en_route", en_route: "on_scene" });

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
export function answerBar(detail, model) {
  const { live, outbox } = model;
  const call = myCall(detail, live.viewer);
  if (!call) return nothing;
  const { state, waiting } = withOutbox(outbox, call);
  return html`${whichOne(detail, model)} ${said(call, model, { state, waiting })} ${buttons(detail.incident.id, state)}`;
}

/**
 * With several calls at once the button says whose it is, however far the rest is scrolled.
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
function whichOne({ incident }, model) {
  const { live } = model;
  if (openIncidents(live).filter((each) => myCall(each, live.viewer) !== null).length < 2) return nothing;
  const prefix = incident.exercise ? t("exercise.prefix") : "";
  return html`<p class="which-one">${icon(kindIcon(incident.kind, model))}<span>${t("answer.for", { what: `${prefix}${kindName(incident.kind, model)} · ${placeName(incident.place, model)}` })}</span></p>`;
}

/**
 * What the person has said; as long as the server does not have it, nothing of it looks done.
 * @param {import("../../types/messages.js").Delivery} call
 * @param {import("../../types/page.js").Model} model
 * @param {{ state: string, waiting: boolean }} how
 */
function said(call, { connection }, { state, waiting }) {
  if (rank(state) < rank("declined")) return nothing;
  if (waiting) {
    const sending = connection.phase === "live";
    const words = { state: t(`state.${state}`) };
    return html`
      <p class="waiting" role="status">
        ${icon(sending ? "clock" : "no_signal")}
        <span><strong>${t(sending ? "answer.sending" : "answer.unsent", words)}</strong>${sending ? nothing : html`<small>${t("answer.waiting")}</small>`}</span>
      </p>
    `;
  }
  if (state === "withdrawn" || state === "declined") return html`<p class="answered">${t(`answer.${state}`)}</p>`;
  if (state !== "on_scene" && state !== "released") return nothing;
  const at = call.times["on_scene"];
  return html`<p class="answered">${icon("check")}<strong>${t("state.on_scene")}</strong> ${at ? timeOfDay(at) : ""}</p>`;
}

/**
 * @param {string} id  of the incident
 * @param {string} state
 */
function buttons(id, state) {
  if (state === "withdrawn" || state === "released") return nothing;
  const withdraw = html`<er-confirm-button .words=${t("answer.withdraw")} .act=${() => answerAlert(id, "withdrawn")}></er-confirm-button>`;
  if (state === "on_scene") return withdraw;
  const next = state === "accepted" || state === "en_route" ? NEXT[state] : "accepted";
  return html`
    <div class="answer">
      <button class="button respond big" @click=${() => answerAlert(id, next)}>
        ${icon(next === "on_scene" ? "pin" : next === "en_route" ? "forward" : "check")}<span>${t(`answer.${next}`)}</span>
      </button>
      ${rank(state) < rank("declined")
        ? html`<button class="button big" @click=${() => answerAlert(id, "declined")}>${t("answer.decline")}</button>`
        : nothing}
    </div>
    ${rank(state) >= rank("accepted") ? withdraw : nothing}
  `;
}
