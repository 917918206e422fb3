// Nothing chosen: what is going on, who is ready, and the way to raise an alert.

import { showScreen } from "../../actions/accounts/screens.js";
import { choosePlace, showIncident, showThing, startClosure } from "../../actions/map/navigation.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { iconOf, LAYERS, shownThings } from "../../state/layers.js";
import { mayDecide } from "../../state/proposals.js";
import { endedIncidents, notReached, openIncidents } from "../../state/selectors.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";
import { endedRow, incidentCard } from "../incident/incident-card.js";
import { unitsByPartner } from "../map/units-by-partner.js";
import { criticalRow } from "../reach/critical-row.js";
import { screens } from "./parts.js";

const LISTED = LAYERS.filter(({ listed }) => listed !== null);

/** What can be begun below a list, also when nothing is in it. */
const STARTS = /** @type {Readonly<Record<string, (model: import("../../types/page.js").Model) => unknown>>} */ ({
  closure: ({ live }) =>
    may(live.viewer, "set_closure") ? html`<button class="button" @click=${startClosure}>${icon("plus")}${t("closure.start")}</button>` : nothing,
});

/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 * @returns {import("../../types/page.js").PanelView}
 */
export function overviewView(model, nowMs) {
  const { live, drill, outbox } = model;
  const snapshot = /** @type {import("../../types/messages.js").CircleSnapshot} */ (live.snapshot);
  const open = openIncidents(live, outbox);
  const mayRaise = may(live.viewer, drill ? "raise_exercise" : "raise_alert");
  // Asked for once there is something to decide on, which comes after the alerts.
  const decides = mayDecide(live) && model.loaded.proposals.value ? screens() : null;
  const body = html`
    ${may(live.viewer, "end_incident") ? unreached(open, nowMs) : nothing} ${notFound(model)} ${decides?.waitingProposals(model) ?? nothing}
    ${open.length > 0
      ? html`<h2>${t("overview.open", { n: open.length })}</h2>
          ${open.map((each) => incidentCard(each, model, nowMs))}`
      : html`<p class="calm">${icon("check")}<span>${t("overview.calm")}</span></p>`}
    ${model.loaded.overdueFindings.value ? (screens()?.overdueFindings(model) ?? nothing) : nothing}
    ${mayRaise ? html`<p class="muted hint">${icon("building")}<span>${t("overview.tap_building")}</span></p>` : nothing}
    ${unitsByPartner(snapshot, nowMs)} ${LISTED.map((layer) => things(layer, model, nowMs))} ${ended(model)} ${decides?.otherProposals(model) ?? nothing}
  `;
  const actions = mayRaise
    ? html`<button class="button call big" ?data-exercise=${drill} @click=${choosePlace}>
        ${icon(drill ? "drill" : "alarm")}<span>${drill ? t("raise.start_exercise") : t("raise.start")}</span>
      </button>`
    : null;
  return { body, actions };
}

/**
 * Before anything else: who has to be rung, because nothing has come through to them.
 * @param {readonly import("../../types/messages.js").IncidentDetail[]} open
 * @param {number} nowMs
 */
function unreached(open, nowMs) {
  const waiting = open.map((detail) => ({ id: detail.incident.id, n: notReached(detail, nowMs).length })).filter(({ n }) => n > 0);
  const [first] = waiting;
  if (!first) return nothing;
  const n = waiting.reduce((sum, each) => sum + each.n, 0);
  return html`
    <div role="status">
      <button class="problem unreached" @click=${() => showIncident(first.id)}>
        ${icon("phone")}<span>${t("incident.missing", { n })}</span>${icon("forward")}
      </button>
    </div>
  `;
}

/**
 * A person who may be called, and whom no alert finds once the page is closed.
 * @param {import("../../types/page.js").Model} model
 */
function notFound({ loaded }) {
  const own = loaded.ownChannels.value;
  if (!own || own.contacts.some(({ verified_at, enabled }) => verified_at && enabled)) return nothing;
  return html`
    <div role="status">
      <button class="problem unreached not-found" @click=${() => showScreen("my_channels")}>
        ${icon("alarm")}<span>${t("overview.no_channel")}</span>${icon("forward")}
      </button>
    </div>
  `;
}

/**
 * @param {import("../../state/layers.js").Layer<any>} layer
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
function things(layer, model, nowMs) {
  const all = shownThings(layer, model, nowMs);
  const start = STARTS[layer.kind]?.(model) ?? nothing;
  if (all.length === 0 && start === nothing) return nothing;
  return html`
    <details class="fold" ?open=${layer.unfolded && all.length > 0}>
      <summary>${icon(layer.symbol)}<span>${t(`overview.${layer.name}`, { n: all.length })}</span></summary>
      ${all.map((thing) =>
        listRow(iconOf(layer, thing), nameOf(thing), { below: layer.listed?.(thing), act: () => showThing(layer.kind, thing.id) }),
      )}
      ${layer.kind === "hazard" ? criticalRow() : nothing} ${start}
    </details>
  `;
}

/** @param {import("../../types/page.js").Model} model */
function ended(model) {
  const all = endedIncidents(model.live);
  if (all.length === 0) return nothing;
  return html`
    <details class="fold">
      <summary>${icon("clock")}<span>${t("overview.ended", { n: all.length })}</span></summary>
      ${all.map((detail) => endedRow(detail, model))}
    </details>
  `;
}
