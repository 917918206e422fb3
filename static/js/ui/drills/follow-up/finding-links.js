// What on the map a finding is about: a hazard and a closure, one that is there or a new one.

import { pointAtPlace } from "../../../actions/drills/place-on-map.js";
import { nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { icon } from "../../components/icon.js";
import { choiceField, textField } from "../../components/fields.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/findings.js").FindingWork} Work
 */

const HAZARDS = ["blocked_lane", "ebike_charging", "wiring", "blocked_exit", "stairwell_clutter", "gas_cylinder"];

/** @type {import("../../../types/findings.js").NewHazard} */
export const NO_HAZARD = Object.freeze({ kind: "ebike_charging", grade: "general", name: "", at: null });

/**
 * @param {Model} model
 * @param {Work} work
 * @param {{ put: (change: Partial<Work>) => void, draw: () => void }} acts  `draw`: a closure
 */
export function linkFields(model, work, { put, draw }) {
  const { snapshot, viewer } = model.live;
  const hazards = (snapshot?.hazards ?? []).filter(({ id, state }) => state !== "closed" || id === work.hazard_id);
  const first = may(viewer, "edit_map") ? [["", t("findings.none_linked")], ["new", t("findings.new_hazard")]] : [["", t("findings.none_linked")]];
  const ofHazards = choices(first, hazards.map((each) => [each.id, nameOf(each)]), work.hazard_id, t("findings.gone_from_map"));
  const ofClosures = choices([["", t("findings.none_linked")]], (snapshot?.closures ?? []).map(({ id, name }) => [id, name]), work.closure_id, t("findings.closure_lifted"));
  return html`
    ${choiceField(t("findings.hazard"), work.hazard_id ?? "", ofHazards, (its) => put({ hazard_id: its || null }))} ${work.hazard_id === "new" ? newHazard(work.hazard, (change) => put({ hazard: { ...work.hazard, ...change } })) : nothing}
    ${choiceField(t("findings.closure"), work.closure_id ?? "", ofClosures, (its) => put({ closure_id: its || null }))}
    ${may(viewer, "set_closure") ? html`<button class="button add" type="button" @click=${draw}>${icon("barrier")}<span>${t("findings.draw_closure")}</span></button>` : nothing}
  `;
}

/**
 * @param {string[][]} first
 * @param {string[][]} all
 * @param {string | null} chosen
 * @param {string} gone  words for what is not on the map any more
 */
function choices(first, all, chosen, gone) {
  const known = [...first, ...all];
  if (chosen && !known.some(([id]) => id === chosen)) known.push([chosen, gone]);
  return /** @type {[string, string][]} */ (known);
}

/**
 * @param {import("../../../types/findings.js").NewHazard} hazard
 * @param {(change: Partial<import("../../../types/findings.js").NewHazard>) => void} put
 */
const newHazard = (hazard, put) => html`
  <div class="two">
    ${choiceField(t("findings.hazard_kind"), hazard.kind, HAZARDS.map((each) => [each, t(`hazard_kind.${each}`)]), (kind) => put({ kind }))}
    ${choiceField(t("findings.hazard_grade"), hazard.grade, [["general", t("hazard_grade.general")], ["major", t("hazard_grade.major")]], (grade) => put({ grade }))}
  </div>
  ${textField(t("findings.hazard_name"), hazard.name, (name) => put({ name }), { longest: 200, required: true })}
  <div class="thing">
    <span>${t(hazard.at ? "findings.at_tapped" : "findings.at_source")}</span>
    <button class="button" type="button" @click=${() => pointAtPlace(({ lon, lat }) => put({ at: [lon, lat] }))}>${icon("pin")}<span>${t("findings.tap_place")}</span></button>
  </div>
`;
