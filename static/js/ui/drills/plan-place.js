// Where the drill is: a building by its name, or a point on the map.

import { placeOfBuilding, pointAtPlace } from "../../actions/drills/place-on-map.js";
import { coordinates } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { placeName } from "../../lib/place-name.js";
import { html } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { problemBelow } from "../components/fields.js";
import "../map/choose-place.js";

/** @param {import("../components/fields.js").Editing} editing */
export function placeFold({ model, plan: { place }, edit, why }) {
  const building = model.loaded.buildings.value?.find(({ id }) => id === place.building_id);
  // The server finds words for it when the plan is saved.
  const words = place.label || building ? placeName({ ...place, label: place.label || building?.name || "" }, model) : coordinates(place.lon, place.lat);
  return html`
    <details class="fold" data-part="place">
      <summary>${icon("pin")}<span>${words}<small>${t("drills.where_change")}</small></span></summary>
      ${problemBelow(why("place"))} ${placeChoices(model, (chosen) => edit((now) => ({ ...now, place: chosen })))}
    </details>
  `;
}

/**
 * @param {import("../../types/page.js").Model} model
 * @param {(place: import("../../types/messages.js").Place) => void} choose
 */
export const placeChoices = (model, choose) => html`
  <button class="button" type="button" @click=${() => pointAtPlace(choose)}>${icon("pin")}<span>${t("drills.on_map")}</span></button>
  <er-building-search
    .buildings=${model.loaded.buildings}
    .act=${(/** @type {import("../../types/page.js").Building} */ building) => choose(placeOfBuilding(building))}
    .language=${model.language}
  ></er-building-search>
`;
