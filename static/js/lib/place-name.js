// What a place is called in the page's language. The server makes up words in both; what a person typed is in the language they typed it in.

import { language, nameOf, t } from "./i18n.js";

/**
 * @param {import("../types/messages.js").Place} place
 * @param {import("../types/page.js").Model} model
 * @returns {string}
 */
export function placeName(place, { loaded: { buildings } }) {
  const said = place.label || t("place.point");
  if (language() !== "en") return said;
  const building = buildings.value?.find((each) => each.id === place.building_id && nameOf(each));
  if (!building) return place.label_en || said;
  return [nameOf(building), place.entrance].filter(Boolean).join(", ");
}
