// What else lay under the finger: a tap that was meant for it is one tap away.

import { showBeneath } from "../../actions/map/tap-alternatives.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";

/** @typedef {import("../../types/page.js").Model} Model */

/** @param {Model} model */
export function besideBanner(model) {
  const { beside, view } = model;
  if (!beside || beside.view !== view) return nothing;
  return html`
    <div class="banner beside" role="group" aria-label=${t("map.also_here")}>
      <span class="muted">${t("map.also_here")}</span>
      ${beside.others.map((each) => {
        const { name, symbol } = described(each, model);
        return html`<button class="button" @click=${() => showBeneath(each)}>${icon(symbol)}<span>${name}</span></button>`;
      })}
    </div>
  `;
}

/**
 * @param {import("../../types/page.js").Beneath} beneath
 * @param {Model} model
 * @returns {{ name: string, symbol: string }}
 */
function described({ kind, id }, { buildings, facilities, live }) {
  const byId = (/** @type {readonly any[] | null | undefined} */ all) => all?.find((each) => each.id === id) ?? { name: "" };
  const picture = live.picture;
  switch (kind) {
    case "building":
      return { name: nameOf(byId(buildings.value)), symbol: "building" };
    case "facility": {
      const facility = byId(facilities.value);
      return { name: nameOf(facility), symbol: facility.kind };
    }
    case "unit": {
      const unit = byId(picture?.units);
      return { name: nameOf(unit), symbol: unit.profile };
    }
    case "hazard":
      return { name: nameOf(byId(picture?.hazards)), symbol: "warning" };
    case "closure":
      return { name: byId(picture?.closures).name, symbol: "barrier" };
  }
}
