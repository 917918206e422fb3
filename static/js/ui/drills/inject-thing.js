// What an inject is about on the map: the lane that it closes, the point where something lies, the unit that is out.

import { drawClosure, pointAtInject } from "../../actions/drills/place-on-map.js";
import { coordinates, distance } from "../../lib/format.js";
import { pointsOf } from "../../lib/geometry.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { changedInject, WITH_POINT } from "../../state/drills/plan.js";
import { icon } from "../components/icon.js";
import { lengthOf } from "../map/closure-draft.js";
import { choiceField, problemBelow } from "../components/fields.js";

/**
 * @typedef {import("../components/fields.js").Editing} Editing
 * @typedef {import("../../types/drills.js").Inject} Inject
 */

/**
 * @param {Inject} inject
 * @param {Editing} editing
 */
export function injectThing(inject, editing) {
  if (inject.kind === "closure") return closure(inject, editing);
  if (WITH_POINT.includes(inject.kind)) return point(inject, editing);
  return inject.kind === "unit_out" ? unit(inject, editing) : nothing;
}

/**
 * @param {Inject} inject
 * @param {Editing} editing
 */
function closure({ number, closure: drawn }, { id, why }) {
  const words = drawn ? t("drills.closure_is", { distance: distance(lengthOf(pointsOf(drawn.geometry))), who: drawn.wider_than_m === null ? t("closure.for_all") : t("closure.for_wider", { width: drawn.wider_than_m }) }) : t("drills.closure_none");
  return html`
    <div class="thing">
      <span>${words}</span>
      <button class="button" type="button" @click=${() => drawClosure(id, number)}>${icon("barrier")}<span>${t(drawn ? "drills.draw_again" : "drills.draw")}</span></button>
      ${problemBelow(why(`injects.${number}.closure`))}
    </div>
  `;
}

/**
 * @param {Inject} inject
 * @param {Editing} editing
 */
function point({ number, lon, lat }, { id, why }) {
  const is = lon !== null && lat !== null;
  return html`
    <div class="thing">
      <span>${is ? coordinates(lon, lat) : t("drills.point_none")}</span>
      <button class="button" type="button" @click=${() => pointAtInject(id, number)}>${icon("pin")}<span>${t(is ? "drills.point_again" : "drills.point")}</span></button>
      ${problemBelow(why(`injects.${number}.lon`) ?? why(`injects.${number}.lat`))}
    </div>
  `;
}

/**
 * @param {Inject} inject
 * @param {Editing} editing
 */
function unit({ number, unit_id }, { model, edit, why }) {
  const { units = [], partners = [] } = model.live.snapshot ?? {};
  const ofPartner = new Map(partners.map((each) => [each.id, nameOf(each)]));
  const all = units.map((each) => /** @type {[string, string]} */ ([each.id, `${nameOf(each)} · ${ofPartner.get(each.partner_id) ?? ""}`])).sort(([, a], [, b]) => a.localeCompare(b, model.language));
  return choiceField(t("drills.unit"), unit_id ?? "", [["", t("drills.choose")], ...all], (its) => edit((now) => changedInject(now, number, { unit_id: its || null })), why(`injects.${number}.unit_id`));
}
