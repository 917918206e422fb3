// From a plan to its rehearsal.

import { showRehearsal } from "../../../actions/map/navigation.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { listRow } from "../../components/list-row.js";

/**
 * @param {import("../../../types/page.js").Model} model
 * @param {import("../../../types/drills.js").Drill | null} saved
 * @param {boolean} isTyped  something is not saved yet
 */
export function rehearsalEntry({ live }, saved, isTyped) {
  if (saved?.state !== "planned" || !may(live.viewer, "plan_drill")) return nothing;
  return html`<div data-part="rehearse">${listRow("drill", t("rehearse.open"), { below: t(isTyped ? "rehearse.unsaved" : "rehearse.open_means"), act: () => showRehearsal(saved.id) })}</div>`;
}
