// Removing one thing from the map, by a person who may edit it.

import { may } from "../access.js";
import { removeThing } from "../actions/remove-thing.js";
import { t } from "../i18n.js";
import { html, nothing } from "../vendor.js";
import "./sure-button.js";

/**
 * @param {import("../types.js").Model} model
 * @param {"buildings" | "hazards" | "facilities" | "units"} noun
 * @param {string} id
 */
export const removeRow = ({ live }, noun, id) =>
  may(live.viewer, "edit_map")
    ? html`<er-sure-button class="remove-thing" .words=${t("thing.remove")} .act=${() => removeThing(noun, id)}></er-sure-button>`
    : nothing;
