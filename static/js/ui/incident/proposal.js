// A message of another system: what it says, what is doubtful about it, where it is, and the two ways to decide.

import { confirmProposal, dismissProposal } from "../../actions/incident/proposals.js";
import { chooseForProposal, showIncident } from "../../actions/map/navigation.js";
import { coordinates, dayAndTime } from "../../lib/format.js";
import { language, nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { kindIcon, kindName, offeredKinds } from "../../state/kinds.js";
import { placeOf, proposalById, textOf } from "../../state/proposals.js";
import { incidentById } from "../../state/selectors.js";
import "../components/confirm-button.js";
import { icon } from "../components/icon.js";
import { viewHeader } from "../components/view-header.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/page.js").Proposal} Proposal
 */

const SEVERITIES = /** @type {const} */ (["red", "orange", "yellow", "blue"]);

/**
 * @param {Model} model
 * @param {import("../../types/page.js").ProposalView} view
 * @returns {import("../../types/page.js").PanelView}
 */
export function proposalView(model, view) {
  const proposal = proposalById(model, view.id);
  if (!proposal) return { body: html`${viewHeader(t("proposal.title"))}<p class="muted">${t("proposal.gone")}</p>` };
  const text = textOf(proposal);
  const body = html`
    ${viewHeader(titleOf(proposal), { symbol: kindIcon(proposal.kind, model), below: sourceOf(proposal) })}
    ${proposal.exercise ? html`<p><strong class="exercise-mark">${t("exercise.prefix")}</strong> ${t("proposal.is_exercise")}</p>` : nothing}
    ${standing(proposal, model)} ${doubts(proposal)}
    ${text ? html`<p class="note"><bdi>${text.description || text.event}</bdi></p>` : nothing}
    ${text?.instruction ? html`<p class="note"><bdi>${text.instruction}</bdi></p>` : nothing}
    <p class="where-line">${icon("pin")}<span><bdi>${text?.area || t("proposal.no_area_words")}</bdi></span></p>
    ${proposal.state === "open" && proposal.message_type !== "Cancel" ? choices(proposal, view, model) : nothing}
    ${proposal.expires_at ? html`<p class="muted">${t("proposal.expires", { time: dayAndTime(proposal.expires_at) })}</p>` : nothing}
  `;
  return { body, exercise: proposal.exercise, actions: proposal.state === "open" ? decisions(proposal, view, model) : null };
}

/** @param {Proposal} proposal */
export function titleOf(proposal) {
  const text = textOf(proposal);
  return text?.headline || text?.event || t(`proposal.type_${proposal.message_type}`);
}

/** @param {Proposal} proposal */
export function sourceOf(proposal) {
  const name = textOf(proposal)?.sender_name || proposal.sender;
  return t(`proposal.from_${proposal.message_type}`, { name, time: dayAndTime(proposal.sent_at) });
}

/**
 * What became of it, and the incident that it is about.
 * @param {Proposal} proposal
 * @param {Model} model
 */
function standing({ state, incident_id, about_incident_id, message_type, decided_by_name, decided_at }, { live }) {
  const about = incident_id ?? about_incident_id;
  const known = about && incidentById(live, about);
  const said = state === "open" ? (about ? t(`proposal.about_${message_type}`) : null) : t(`proposal.state_${state}`);
  return html`
    ${said
      ? html`<p class=${state === "open" ? "problem" : "muted"} role="status">
          ${said} ${decided_by_name && decided_at ? html`<small>${decided_by_name} · ${dayAndTime(decided_at)}</small>` : nothing}
        </p>`
      : nothing}
    ${known
      ? html`<button class="button" @click=${() => showIncident(known.incident.id)}>${icon("forward")}<span>${t("proposal.show_incident")}</span></button>`
      : nothing}
  `;
}

/** @param {Proposal} proposal */
function doubts({ warnings }) {
  if (warnings.length === 0) return nothing;
  // The same is often wrong with the message in each of its languages.
  const said = [...new Set(warnings.map(faultWords))];
  return html`<ul class="rows">
    ${said.map((each) => html`<li class="row">${icon("warning")}<div>${each}</div></li>`)}
  </ul>`;
}

/** @param {import("../../types/page.js").CapFault} fault */
export const faultWords = ({ zh, en }) => (language() === "en" ? en : zh);

/**
 * What it is taken for: other systems have other words for kinds and severities.
 * @param {Proposal} proposal
 * @param {import("../../types/page.js").ProposalView} view
 * @param {Model} model
 */
function choices(proposal, view, model) {
  const [kind, severity] = [view.kind ?? proposal.kind, view.severity ?? proposal.severity];
  const codes = offeredKinds(model).map(({ code }) => code);
  const chosen = (/** @type {Event} */ event) => /** @type {HTMLSelectElement} */ (event.target).value;
  return html`
    <label>
      ${t("proposal.kind")}
      <select @change=${(/** @type {Event} */ event) => chooseForProposal({ kind: chosen(event) })}>
        ${[...new Set([kind, ...codes])].map((code) => html`<option value=${code} ?selected=${code === kind}>${kindName(code, model)}</option>`)}
      </select>
    </label>
    <label>
      ${t("proposal.severity")}
      <select @change=${(/** @type {Event} */ event) => chooseForProposal({ severity: chosen(event) })}>
        ${SEVERITIES.map((each) => html`<option value=${each} ?selected=${each === severity}>${t(`severity.${each}`)}</option>`)}
      </select>
    </label>
  `;
}

/**
 * @param {Proposal} proposal
 * @param {import("../../types/page.js").ProposalView} view
 * @param {Model} model
 */
function decisions(proposal, view, model) {
  const { id, message_type } = proposal;
  const place = placeOf(model, proposal);
  const busy = model.deciding === id;
  const dismiss = html`<er-confirm-button .words=${t("proposal.dismiss")} .act=${() => dismissProposal(id)} ?disabled=${busy} data-decide="dismiss"></er-confirm-button>`;
  if (message_type === "Cancel") return dismiss;
  return html`
    ${view.similar.length > 0 ? alike(view, model) : nothing}
    <p class="muted" role="status">${place ? t("proposal.raised_at", { place: placeWords(place) }) : t("proposal.choose_place")}</p>
    <div class="decide">
      <er-confirm-button
        .words=${t(view.similar.length > 0 ? "proposal.confirm_another" : proposal.exercise ? "proposal.confirm_exercise" : "proposal.confirm")}
        .act=${() => place && confirmProposal(view, place)}
        ?disabled=${busy || !place}
        data-decide="confirm"
      ></er-confirm-button>
      ${dismiss}
    </div>
  `;
}

/**
 * What was raised nearby moments ago: perhaps another person was told of the same.
 * @param {import("../../types/page.js").ProposalView} view
 * @param {Model} model
 */
const alike = ({ similar }, { language: shown }) => html`
  <div class="problem" role="alert">
    <p>${t("error.similar_incident")}</p>
    ${similar.map(
      (each) => html`<button class="button" @click=${() => showIncident(each.incident_id)}>
        ${icon("forward")}<span>${each.exercise ? t("exercise.prefix") : ""}${(shown === "en" && each.label_en) || each.label || t("proposal.show_incident")}</span>
      </button>`,
    )}
  </div>
`;

/** @param {import("../../types/page.js").PlaceChoice} place */
const placeWords = ({ building, lon, lat }) => (building ? nameOf(building) : coordinates(lon, lat));
