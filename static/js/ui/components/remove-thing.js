// Removing one thing from the map, by a person who may edit it.

import { removeThing } from "../../actions/map/remove-thing.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import "./confirm-button.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @param {import("../../types/page.js").NounName} noun
 * @param {string} id
 */
export const removeRow = ({ live }, noun, id) =>
  may(live.viewer, "edit_map")
    ? html`<er-confirm-button class="remove-thing" .words=${t("thing.remove")} .act=${() => removeThing(noun, id)}></er-confirm-button>`
    : nothing;
