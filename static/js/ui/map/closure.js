// A closure: whom it stops, until when, and opening the lane again.

import { liftClosure } from "../../actions/map/closure.js";
import { showIncident, showThing } from "../../actions/map/navigation.js";
import { dayAndTime, duration, number } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { openIncidents } from "../../state/selectors.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";
import { viewHeader } from "../components/view-header.js";
import { closureImpact } from "../reach/closure-impact.js";
import { criticalRow } from "../reach/critical-row.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {string} id
 * @param {number} nowMs
 * @returns {import("../../types/page.js").PanelView}
 */
export function closureView(model, id, nowMs) {
  const { live } = model;
  const closure = live.snapshot?.closures.find((each) => each.id === id);
  if (!closure) return { body: html`${viewHeader(t("closure.title"))}<p class="muted">${t("closure.gone")}</p>` };
  const hazard = live.snapshot?.hazards.find((each) => each.id === closure.hazard_id);
  const body = html`
    ${viewHeader(closure.name, { symbol: "barrier", below: bounds(closure) })}
    <p>${ends(closure, nowMs)}</p>
    <p class="muted">${t("closure.counts_at_once")}</p>
    ${hazard ? listRow("warning", nameOf(hazard), { below: t("closure.from_hazard"), act: () => showThing("hazard", hazard.id) }) : nothing}
    ${costs(model, id)} ${closureImpact(model, t("cost.title"))} ${criticalRow()}
  `;
  if (!may(live.viewer, "set_closure")) return { body };
  return { body, actions: html`<button class="button big" @click=${() => liftClosure(id)}>${icon("undo")}<span>${t("closure.lift")}</span></button>` };
}

/** @param {import("../../types/messages.js").Closure} closure */
function bounds({ wider_than_m, higher_than_m, heavier_than_t }) {
  const words = [
    wider_than_m === null ? null : t("closure.for_wider", { width: number(wider_than_m) }),
    higher_than_m === null ? null : t("closure.for_higher", { height: number(higher_than_m) }),
    heavier_than_t === null ? null : t("closure.for_heavier", { weight: number(heavier_than_t) }),
  ].filter(Boolean);
  return words.length > 0 ? words.join(" · ") : t("closure.for_all");
}

/**
 * @param {import("../../types/messages.js").Closure} closure
 * @param {number} nowMs
 */
function ends({ ends_at }, nowMs) {
  if (ends_at === null) return t("closure.open_end");
  const left = (Date.parse(ends_at) - nowMs) / 1000;
  if (left <= 0) return t("closure.over");
  return t("closure.ends", { left: duration(left), time: dayAndTime(ends_at) });
}

/**
 * What it costs the units called to incidents that are open now.
 * @param {import("../../types/page.js").Model} model
 * @param {string} id
 */
function costs(model, id) {
  return openIncidents(model.live).map(({ incident, response_circle }) => {
    const slowed = response_circle.members.flatMap((member) => {
      const avoided = member.avoided.find((each) => each.closure_id === id);
      return avoided ? [t("closure.slows", { unit: nameOf({ name: member.unit_name, name_en: member.unit_name_en }), time: duration(avoided.cost_s) })] : [];
    });
    if (slowed.length === 0) return nothing;
    return listRow(incident.kind, placeName(incident.place, model), { below: slowed.join(t("cost.and")), act: () => showIncident(incident.id) });
  });
}
