// A fire hazard: what, how bad, how far it has been mended, and what its closure would cost.

import { showThing } from "../../actions/map/navigation.js";
import { hasWords, nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { editRow } from "../components/feature-form.js";
import { listRow } from "../components/list-row.js";
import { removeRow } from "../components/remove-thing.js";
import { viewHeader } from "../components/view-header.js";
import { closureImpact } from "../reach/closure-impact.js";
import { criticalRow } from "../reach/critical-row.js";

const STEPS = ["seen", "assigned", "mending", "mended", "verified", "closed"];

/**
 * @param {import("../../types/page.js").Model} model
 * @param {string} id
 * @param {(hazard: import("../../types/messages.js").Hazard) => import("../../types/page.js").PanelView | undefined} lifeOf  what was done about it, and the next step
 * @returns {import("../../types/page.js").PanelView}
 */
export function hazardView(model, id, lifeOf) {
  const { live } = model;
  const hazard = live.snapshot?.hazards.find((each) => each.id === id);
  if (!hazard) return { body: html`${viewHeader(t("hazard.title"))}<p class="muted">${t("hazard.gone")}</p>` };
  const kind = hasWords(`hazard_kind.${hazard.kind}`) ? t(`hazard_kind.${hazard.kind}`) : hazard.kind;
  const closures = (live.snapshot?.closures ?? []).filter((closure) => closure.hazard_id === id);
  const life = lifeOf(hazard);
  const at = STEPS.indexOf(hazard.state);
  const body = html`
    ${viewHeader(nameOf(hazard), { symbol: "warning", below: `${kind} · ${t(`hazard_grade.${hazard.grade}`)}` })}
    ${hazard.note ? html`<p>${hazard.note}</p>` : nothing}
    <ol class="steps">
      ${STEPS.map((step, i) => html`<li data-done=${i <= at} aria-current=${i === at ? "step" : "false"}>${t(`hazard_state.${step}`)}</li>`)}
    </ol>
    ${life?.body ?? nothing}
    ${closures.map((closure) => listRow("barrier", closure.name, { below: t("hazard.closes"), act: () => showThing("closure", closure.id) }))}
    ${hazard.state === "closed" ? nothing : closureImpact(model, t("cost.if_shut"))} ${criticalRow()}
    ${editRow(model, "hazards", id)} ${removeRow(model, "hazards", id)}
  `;
  return life?.actions ? { body, actions: life.actions } : { body };
}
