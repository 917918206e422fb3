// From the plan of a drill to its console, where it is started.

import { showDrillRun } from "../../../actions/map/navigation.js";
import { t } from "../../../lib/i18n.js";
import { html } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { icon } from "../../components/icon.js";

/**
 * @param {import("../../../types/page.js").Model} model
 * @param {import("../../../types/drills.js").Drill | null} saved
 * @returns {unknown} undefined where there is nothing to be seen
 */
export function consoleEntry({ live }, saved) {
  if (!saved || saved.state === "called_off") return undefined;
  const isPlanned = saved.state === "planned";
  if (isPlanned && !may(live.viewer, "run_drill")) return undefined;
  const words = isPlanned ? "console.to_start" : saved.state === "ended" ? "console.to_outcome" : "console.to_console";
  return html`<button class="button big violet" @click=${() => showDrillRun(saved.id)}>${icon("drill")}<span>${t(words)}</span></button>`;
}
