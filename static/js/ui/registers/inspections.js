// A round on a phone: what is due, one after the other; and what was found before.

import { goBack, showRegister, showThing } from "../../actions/map/navigation.js";
import { inspectionPhoto } from "../../actions/registers/inspect.js";
import { dayAndTime } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, keyed, nothing } from "../../lib/vendor.js";
import { due } from "../../state/things/facilities.js";
import { listRow } from "../components/list-row.js";
import { picture } from "../components/picture.js";
import { viewHeader } from "../components/view-header.js";

import "./inspection-form.js";

/**
 * @typedef {import("../../types/page.js").Facility} Facility
 * @typedef {import("../../types/page.js").Inspection} Inspection
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/page.js").RegisterView} RegisterView
 */

/** What is on the round stays on it while it is walked, although it is not due any more once it was inspected. */
let round = { view: /** @type {RegisterView | null} */ (null), id: "", ids: /** @type {readonly string[]} */ ([]) };

/**
 * @param {Model} model
 * @param {RegisterView} view  `id`: of the one facility that is inspected; without it, all that are due
 * @param {number} nowMs
 * @returns {import("../../types/page.js").PanelView}
 */
export function inspectionView({ loaded, language }, view, nowMs) {
  const all = loaded.facilities.value;
  if (all && round.view !== view) round = { view, id: crypto.randomUUID(), ids: view.id ? [view.id] : due(all, nowMs).map(({ id }) => id) };
  const listed = /** @type {Facility[]} */ (round.view === view ? round.ids.map((id) => all?.find((each) => each.id === id)).filter(Boolean) : []);
  const body = html`
    ${viewHeader(t(view.id ? "inspection.one" : "inspection.round"), { symbol: "check", below: view.id ? undefined : t("inspection.n_due", { n: listed.length }), back: () => goBack(() => showRegister("facilities")) })}
    ${all && listed.length === 0 ? html`<p class="muted">${t(view.id ? "facility.gone" : "inspection.none_due")}</p>` : nothing}
    ${listed.map((each) => keyed(`${round.id} ${each.id}`, html`<er-inspection-form .facility=${each} .roundId=${round.id} .language=${language}></er-inspection-form>`))}
    ${view.id ? html`<h3>${t("inspection.before")}</h3>${history(loaded.inspections.value)}` : nothing}
  `;
  return { body };
}

/**
 * @param {Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function inspectionHistoryView({ loaded }) {
  const body = html`
    ${viewHeader(t("inspection.history"), { symbol: "clock", back: () => goBack(() => showRegister("facilities")) })} ${history(loaded.inspections.value)}
  `;
  return { body };
}

/** @param {readonly Inspection[] | null} found */
function history(found) {
  if (!found) return html`<p class="muted" role="status">${t("inspection.loading")}</p>`;
  if (found.length === 0) return html`<p class="muted">${t("inspection.nothing_yet")}</p>`;
  return found.map((each) => {
    const below = [t(`inspection.result_${each.result}`), each.note, each.by_name, dayAndTime(each.at)].filter(Boolean).join(" · ");
    const name = each.facility_name || t(`facility_kind.${each.facility_kind}`);
    return html`
      ${listRow(each.result === "ok" ? "check" : "warning", name, { below, act: () => showThing("facility", each.facility_id) })}
      ${each.has_photo ? picture(inspectionPhoto(each.id), t("inspection.photo_of", { name })) : nothing}
    `;
  });
}

/** @param {Facility} facility */
export const facilityName = (facility) => nameOf(facility) || t(`facility_kind.${facility.kind}`);
