// The panel beside the map, or the sheet over its lower part on a phone: what it shows depends on the view.

import { t } from "../../lib/i18n.js";
import { html, keyed, nothing } from "../../lib/vendor.js";
import { model as current } from "../../state/model.js";
import { incidentById } from "../../state/selectors.js";
import { icon } from "../components/icon.js";
import { incidentView } from "../incident/incident.js";
import { pushedAlertView } from "../incident/pushed-alert.js";
import { choosePlaceView } from "../map/choose-place.js";
import { closureDraftView } from "../map/closure-draft.js";
import { closureView } from "../map/closure.js";
import { facilityView } from "../map/facility.js";
import { gateView } from "../components/gate.js";
import { hazardView } from "../map/hazard.js";
import { placeView } from "../map/place.js";
import { unitView } from "../map/unit.js";
import { overviewView } from "./overview.js";
import { participant, registers, screens, studio, untilHere } from "./parts.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/page.js").PanelView} PanelView
 */

/** Of what lies on the map; a building is shown as a place. */
const VIEWS = /** @type {Readonly<Record<Exclude<import("../../types/page.js").ThingKind, "building">, (model: Model, id: string, nowMs: number) => PanelView>>} */ ({
  unit: unitView,
  facility: facilityView,
  // What was done about it comes with daily work; without a network what is known is enough.
  hazard: (model, id, nowMs) => hazardView(model, id, (hazard) => registers()?.hazardLife(model, hazard, nowMs)),
  gate: gateView,
  closure: closureView,
});

/**
 * @param {Model} model
 * @param {number} nowMs
 */
export function panel(model, nowMs) {
  const { body, actions, exercise = model.drill } = viewOf(model, nowMs);
  const subject = subjectOf(model.view);
  return html`
    <section class="panel" data-sheet=${model.sheet} data-view=${model.view.name} ?data-exercise=${exercise} aria-label=${t("panel.title")}>
      <button class="handle" aria-label=${t(`panel.${model.sheet === "full" ? "shrink" : "grow"}`)} @click=${() => grow(model)} @pointerdown=${drag}>
        <span></span>
      </button>
      ${keyed(subject, html`<div class="panel-body">${body}</div>`)}
      ${actions ? keyed(subject, html`<footer class="panel-actions">${actions}</footer>`) : nothing}
    </section>
  `;
}

/**
 * What is looked at: another one begins at its top, with its name and its buttons, none of them half pressed; the same
 * stays where it is.
 * @param {import("../../types/page.js").View} view
 */
function subjectOf(view) {
  switch (view.name) {
    case "place":
      return `place ${view.place.building?.id ?? `${view.place.lon} ${view.place.lat}`}`;
    case "criticality":
      return `criticality ${view.building?.id ?? ""}`;
    case "register":
      return `register ${view.page} ${view.id ?? ""}`;
    default:
      return "id" in view ? `${view.name} ${view.id}` : view.name;
  }
}

/**
 * @param {Model} model
 * @param {number} nowMs
 * @returns {PanelView}
 */
function viewOf(model, nowMs) {
  const { view, live, pushed } = model;
  const told = view.name === "incident" && view.id === pushed?.incident_id && !incidentById(live, view.id) ? pushed : null;
  if (told) return pushedAlertView(told, model);
  if (!live.snapshot) return { body: loading(model) };
  switch (view.name) {
    case "proposal":
      return screens()?.proposalView(model, view) ?? { body: untilHere(model) };
    case "choose_place":
      return choosePlaceView(model);
    case "place":
      return placeView(model, view.place);
    case "incident": {
      const detail = incidentById(live, view.id);
      return detail ? incidentView(detail, model, nowMs) : overviewView(model, nowMs);
    }
    case "closure_draft":
      if (!view.inject && !view.finding) return closureDraftView(model);
      return studio()?.drillClosureView(model, view) ?? { body: untilHere(model, "studio") };
    case "drills":
      return studio()?.drillsView(model, view) ?? { body: untilHere(model, "studio") };
    case "drill":
      return studio()?.drillView(model, view) ?? { body: untilHere(model, "studio") };
    case "drill_run":
      return studio()?.drillRunView(model, view, nowMs) ?? { body: untilHere(model, "studio"), exercise: true };
    case "drill_observe":
      return participant()?.observeView(model, view, nowMs) ?? { body: untilHere(model, "participant"), exercise: true };
    case "drill_lane":
      return participant()?.laneView(model, view) ?? { body: untilHere(model, "participant"), exercise: true };
    case "findings":
      return studio()?.findingsView(model, view) ?? { body: untilHere(model, "studio") };
    case "finding":
      return studio()?.findingView(model, view) ?? { body: untilHere(model, "studio") };
    case "programme":
      return studio()?.programmeView(model, view) ?? { body: untilHere(model, "studio") };
    case "register":
      return registers()?.registerView(model, view, nowMs) ?? { body: untilHere(model, "registers") };
    case "criticality":
      return screens()?.criticalityView(model, view) ?? { body: untilHere(model) };
    case "profiles":
      return screens()?.profilesView(model) ?? { body: untilHere(model) };
    case "ladders":
      return screens()?.laddersView(model) ?? { body: untilHere(model) };
    case "calibration":
      return studio()?.calibrationView(model) ?? { body: untilHere(model, "studio") };
    case "rehearsal":
      return studio()?.rehearsalView(model, view) ?? { body: untilHere(model, "studio") };
    case "overview":
    case "screen":
      return overviewView(model, nowMs);
    default:
      return VIEWS[view.name](model, view.id, nowMs);
  }
}

/** @param {Model} model */
const loading = ({ connection }) => html`
  <div class="empty" role="status">
    ${icon(connection.phase === "offline" ? "no_signal" : "clock")}
    <p>${connection.phase === "offline" ? t("panel.offline_empty") : t("panel.loading")}</p>
    <div class="progress"></div>
  </div>
`;

const NEXT = /** @type {const} */ ({ peek: "half", half: "full", full: "half" });

/** @param {Model} model */
function grow({ sheet }) {
  current.set({ sheet: NEXT[sheet] });
}

const ENOUGH_PX = 40;

/**
 * A drag of the handle moves the sheet one stop up or down.
 * @param {PointerEvent} down
 */
function drag(down) {
  const handle = /** @type {HTMLElement} */ (down.currentTarget);
  handle.setPointerCapture(down.pointerId);
  const end = (/** @type {PointerEvent} */ up) => {
    handle.removeEventListener("pointerup", end);
    const moved = up.clientY - down.clientY;
    if (Math.abs(moved) < ENOUGH_PX) return;
    handle.addEventListener("click", (event) => event.stopImmediatePropagation(), { once: true, capture: true });
    const stops = /** @type {const} */ (["peek", "half", "full"]);
    const at = stops.indexOf(current.value.sheet) + (moved < 0 ? 1 : -1);
    current.set({ sheet: stops[Math.min(2, Math.max(0, at))] ?? "half" });
  };
  handle.addEventListener("pointerup", end);
}
