// A building or a point: raise an alert there, and who would reach it.

import { offeredKinds } from "../../state/kinds.js";
import { may } from "../../state/access.js";
import { movePin } from "../../actions/incident/direct-incident.js";
import { chooseEntrance, showIncident, showRegister, startMovingPin } from "../../actions/map/navigation.js";
import { errorWords } from "../../lib/errors.js";
import { coordinates, distance, duration } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { distanceM, middleOf } from "../../lib/geometry.js";
import { movedIncident } from "../../state/selectors.js";
import { refresh } from "../../state/resources.js";
import { wouldCall } from "../../state/called-units.js";
import { html, nothing } from "../../lib/vendor.js";
import { criticalRow } from "../reach/critical-row.js";
import { memberRows, nonMemberRows } from "../incident/responder-list.js";
import "../incident/raise.js";
import { addRows } from "../components/feature-form.js";
import { removeRow } from "../components/remove-thing.js";
import { icon } from "../components/icon.js";
import { viewHeader } from "../components/view-header.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/page.js").PlaceChoice} PlaceChoice
 */

/**
 * @param {Model} model
 * @param {PlaceChoice} place
 * @returns {import("../../types/page.js").PanelView}
 */
export function placeView(model, place) {
  const { live, drill, loaded: { reach } } = model;
  const { building } = place;
  const moved = movedIncident(model);
  const would = reach.value && wouldCall(reach.value);
  const mayRaise = may(live.viewer, drill ? "raise_exercise" : "raise_alert");
  const title = building ? nameOf(building) : place.accuracyM === null ? t("place.point") : t("place.here");
  const body = html`
    ${viewHeader(title, { symbol: building ? "building" : "pin", below: building ? about(building) : where(place, model), back: moved ? startMovingPin.bind(null, moved.incident.id) : undefined })}
    ${moved ? moveHere(model, moved.incident.id, place) : mayRaise
      ? html`<er-raise .place=${place} .exercise=${drill} .kinds=${offeredKinds(model)} .state=${model.raise} .would=${would} .language=${model.language}></er-raise>`
      : nothing}
    ${mayRaise && building && building.entrances.length > 1 ? entrances(building, place.entrance) : nothing}
    <h3>${t("reach.title")}</h3>
    ${reached(model)} ${building ? html`${criticalRow(building)} <button class="button" data-alley-sheet @click=${() => showRegister("alley_sheet", building.id)}>${icon("copy")}<span>${t("place.alley_sheet")}</span></button> ${removeRow(model, "buildings", building.id)}` : addRows(model, [place.lon, place.lat])}
  `;
  return { body };
}

/**
 * @param {Model} model
 * @param {string} incidentId
 * @param {PlaceChoice} place
 */
function moveHere({ ending }, incidentId, place) {
  return html`
    <section class="raise">
      <p>${t("direct.move_means")}</p>
      <button class="button primary big" data-move-here ?disabled=${ending !== null} @click=${() => movePin(incidentId, place)}>${icon("pin")}<span>${t("direct.move_here")}</span></button>
      <button class="button" data-move-not @click=${() => showIncident(incidentId)}>${t("direct.move_not")}</button>
    </section>
  `;
}

/** @param {import("../../types/page.js").Building} building */
function about({ storeys, households, year, fire_rating }) {
  return [
    storeys === null ? null : t("building.storeys", { n: storeys }),
    households > 0 ? t("building.households", { n: households }) : null,
    year === null ? null : t("building.year", { year }),
    fire_rating === null ? null : t("building.fire_rating", { n: fire_rating }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * Pin and address together: the point, and the house it is nearest to.
 * @param {PlaceChoice} place
 * @param {Model} model
 */
function where({ lon, lat, accuracyM }, model) {
  const nearest = (model.loaded.buildings.value ?? [])
    .map((building) => ({ building, away: distanceM(middleOf(building.geometry), [lon, lat]) }))
    .sort((a, b) => a.away - b.away)[0];
  return [
    nearest && nearest.away < 400 ? t("place.near", { name: nameOf(nearest.building), distance: distance(nearest.away) }) : null,
    coordinates(lon, lat),
    accuracyM === null ? null : t("place.accuracy", { distance: distance(Math.max(5, accuracyM)) }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * @param {import("../../types/page.js").Building} building
 * @param {string | null} chosen
 */
const entrances = (building, chosen) => html`
  <fieldset class="chips">
    <legend>${t("place.entrance")}</legend>
    <button aria-pressed=${chosen === null} @click=${() => chooseEntrance(null)}>${t("place.any_entrance")}</button>
    ${building.entrances.map(
      ({ name }) => html`<button aria-pressed=${chosen === name} @click=${() => chooseEntrance(name)}>${name}</button>`,
    )}
  </fieldset>
`;

/** @param {Model} model */
function reached({ loaded: { reach }, focusedUnitId, live }) {
  const finding = html`<p class="muted" role="status">${t("reach.finding")}</p><div class="progress"></div>`;
  if (reach.status === "loading" && !reach.value) return finding;
  if (!reach.value) {
    return html`
      <p class="problem" role="alert">${errorWords(reach.error ?? "no_answer")}</p>
      <button class="button" @click=${() => refresh("reach")}>${t("failed.again")}</button>
    `;
  }
  const { members, non_members, limit_s, people, unannounced_year } = reach.value;
  const { unrecorded } = wouldCall(reach.value);
  const soonest = members[0];
  return html`
    ${reach.status === "loading" ? finding : nothing}
    <p>${soonest ? t("reach.summary", { n: members.length, soonest: duration(soonest.response_s) }) : t("reach.no_unit", { limit: duration(limit_s) })}</p>
    ${unrecorded.size > 0 ? html`<p class="problem">${t("reach.some_unrecorded", { n: unrecorded.size })}</p>` : nothing}
    ${unannounced_year ? html`<p class="muted" data-unannounced>${t("reach.unannounced", { year: String(unannounced_year) })}</p>` : nothing}
    ${memberRows(members, { focusedUnitId, deliveries: [], unrecorded, people, live })} ${nonMemberRows(non_members)}
  `;
}
