// All hazards of the circle: the gravest first, those put right folded away.

import { goBack, showRegister, showThing } from "../../actions/map/navigation.js";
import { hasWords, nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { listRow } from "../components/list-row.js";
import { viewHeader } from "../components/view-header.js";

/**
 * @param {import("../../types/page.js").Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function hazardListView({ live }) {
  const all = [...(live.snapshot?.hazards ?? [])].sort((a, b) => Number(b.grade === "major") - Number(a.grade === "major") || nameOf(a).localeCompare(nameOf(b)));
  const open = all.filter(({ state }) => state !== "closed");
  const fixed = all.filter(({ state }) => state === "closed");
  const body = html`
    ${viewHeader(t("registers.hazards"), { symbol: "warning", back: () => goBack(() => showRegister("home")) })}
    ${all.length === 0 ? html`<p class="muted">${t("hazard_list.none")}</p>` : nothing}
    ${open.map(row)}
    ${fixed.length > 0 ? html`<details class="fold"><summary><span>${t("hazard_list.fixed", { n: fixed.length })}</span></summary>${fixed.map(row)}</details>` : nothing}
  `;
  return { body };
}

/** @param {import("../../types/messages.js").Hazard} hazard */
function row(hazard) {
  const kind = hasWords(`hazard_kind.${hazard.kind}`) ? t(`hazard_kind.${hazard.kind}`) : hazard.kind;
  const below = [t(`hazard_grade.${hazard.grade}`), kind, t(`hazard_state.${hazard.state}`)].join(" · ");
  return listRow("warning", nameOf(hazard), { below, act: () => showThing("hazard", hazard.id) });
}
