// All hazards of the circle: those overdue first, then the gravest; those that are closed folded away.

import { goBack, showRegister, showThing } from "../../../actions/map/navigation.js";
import { hasWords, nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { dayWords } from "../../../state/drills/drill-words.js";
import { segments } from "../../components/fields.js";
import { listRow } from "../../components/list-row.js";
import { viewHeader } from "../../components/view-header.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/messages.js").Hazard} Hazard
 * @typedef {"all" | "mine" | "overdue"} Filter
 */

/**
 * @param {Model} model
 * @param {import("../../../types/page.js").RegisterView} view  its id is the filter
 * @returns {import("../../../types/page.js").PanelView}
 */
export function hazardListView(model, view) {
  const { live, loaded } = model;
  const filter = /** @type {Filter} */ (view.id ?? "all");
  const mine = live.viewer?.partner_id ?? null;
  const overdue = loaded.hazardFollowUp.value?.overdue ?? [];
  const place = new Map(overdue.map((id, i) => [id, i]));
  const rank = (/** @type {Hazard} */ { id }) => place.get(id) ?? overdue.length;
  const all = [...(live.snapshot?.hazards ?? [])]
    .filter(({ id, owner_id }) => (filter === "mine" ? owner_id === mine : filter === "overdue" ? place.has(id) : true))
    .sort((a, b) => rank(a) - rank(b) || Number(b.grade === "major") - Number(a.grade === "major") || (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999") || nameOf(a).localeCompare(nameOf(b)));
  const open = all.filter(({ state }) => state !== "closed");
  const closed = all.filter(({ state }) => state === "closed");
  const filters = /** @type {[Filter, string][]} */ ([["all", t("hazard_list.all")], ["overdue", t("hazard_list.overdue", { n: overdue.length })], ...(mine ? [["mine", t("hazard_list.mine")]] : [])]);
  const row = (/** @type {Hazard} */ hazard) => hazardRow(model, hazard, place.has(hazard.id));
  const body = html`
    ${viewHeader(t("registers.hazards"), { symbol: "warning", back: () => goBack(() => showRegister("home")) })}
    ${segments(t("hazard_list.show"), filter, filters, (next) => showRegister("hazards", next))}
    ${all.length === 0 ? html`<p class="muted">${t(filter === "all" ? "hazard_list.none" : "hazard_list.none_such")}</p>` : nothing}
    ${open.map(row)}
    ${closed.length > 0 ? html`<details class="fold"><summary><span>${t("hazard_list.closed", { n: closed.length })}</span></summary>${closed.map(row)}</details>` : nothing}
  `;
  return { body };
}

/**
 * @param {Model} model
 * @param {Hazard} hazard
 * @param {boolean} late
 */
function hazardRow({ live, loaded }, hazard, late) {
  const kind = hasWords(`hazard_kind.${hazard.kind}`) ? t(`hazard_kind.${hazard.kind}`) : hazard.kind;
  const owner = live.snapshot?.partners.find(({ id }) => id === hazard.owner_id);
  const again = (loaded.hazardFollowUp.value?.closed_before[hazard.id] ?? 0) + hazard.reopened_count;
  const below = [
    t(`hazard_grade.${hazard.grade}`),
    kind,
    ...(owner ? [nameOf(owner)] : []),
    ...(hazard.due_on && hazard.state !== "closed" ? [t("hazard_life.due", { day: dayWords(hazard.due_on) })] : []),
    ...(again > 0 ? [t("hazard_list.again", { n: again })] : []),
  ].join(" · ");
  const aside = html`<span class="hazard-state" ?data-late=${late}>${t(late ? "hazard_list.late" : `hazard_state.${hazard.state}`)}</span>`;
  return listRow("warning", nameOf(hazard), { below, aside, act: () => showThing("hazard", hazard.id) });
}
