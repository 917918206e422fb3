// An alert by what its notification said, until the rest has come: what, where, how far, and the answer.

import { answerPushed } from "../../actions/incident/answer-pushed.js";
import { showOverview } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { emergencyNumbers } from "../components/emergency-numbers.js";
import { icon } from "../components/icon.js";

/**
 * @param {import("../../types/page.js").PushedAlert} pushed
 * @param {import("../../types/page.js").Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function pushedAlertView(pushed, model) {
  const body = html`
    <header class="incident-header severity-${pushed.severity}" ?data-exercise=${pushed.exercise}>
      <button class="square" aria-label=${t("action.back")} @click=${showOverview}>${icon("back")}</button>
      <div>
        <p class="kind-line"><span>${t(`severity.${pushed.severity}`)}</span></p>
        <h2>${pushed.head}</h2>
      </div>
    </header>
    ${pushedLines(pushed)}
    <div role="status">
      <p class="muted">${t(model.connection.phase === "offline" ? "pushed.offline" : "pushed.loading")}</p>
      <div class="progress"></div>
    </div>
    ${emergencyNumbers()}
  `;
  return { body, exercise: pushed.exercise, actions: answer(pushed, model) };
}

/** @param {import("../../types/page.js").PushedAlert} pushed */
const pushedLines = ({ lines }) => html`<div class="pushed-lines">${lines.map((line) => html`<p>${line}</p>`)}</div>`;

/**
 * Above the form of a person who has to sign in first: an alert does not wait for a password.
 * @param {import("../../types/page.js").PushedAlert} pushed
 */
export const pushedNotice = (pushed) => html`
  <section class="pushed-notice severity-${pushed.severity}" ?data-exercise=${pushed.exercise} role="alert">
    <h2>${pushed.head}</h2>
    ${pushedLines(pushed)}
    ${pushed.link ? html`<a class="button big" href=${pushed.link}>${t("pushed.answer_by_link")}</a>` : nothing}
    ${emergencyNumbers()}
  </section>
`;

/**
 * @param {import("../../types/page.js").PushedAlert} pushed
 * @param {import("../../types/page.js").Model} model
 */
function answer(pushed, { outbox }) {
  const said = outbox.filter(({ alert_id }) => alert_id === pushed.alert_id).at(-1)?.state;
  const button = (/** @type {"accepted" | "declined"} */ state, /** @type {unknown} */ content, look = "") =>
    html`<button class="button big ${look}" @click=${() => answerPushed(pushed, state)}>${content}</button>`;
  return html`
    ${said ? html`<p class="waiting" role="status">${icon("clock")}<span><strong>${t("answer.sending", { state: t(`state.${said}`) })}</strong></span></p>` : nothing}
    <div class="answer">
      ${said === "accepted" ? nothing : button("accepted", html`${icon("check")}<span>${t("answer.accepted")}</span>`, "respond")}
      ${said ? nothing : button("declined", t("answer.decline"))}
    </div>
  `;
}
