// What a place is called in the page's language. The server's label is Chinese; so is the script to read out.

import { language, nameOf } from "./i18n.js";

/**
 * @param {import("./messages.js").Place} place
 * @param {import("./types.js").Model} model
 * @returns {string}
 */
export function placeName(place, { buildings }) {
  if (language() !== "en") return place.label;
  const building = buildings.value?.find((each) => each.id === place.building_id);
  if (!building) return place.label;
  return [nameOf(building), place.entrance].filter(Boolean).join(", ");
}
