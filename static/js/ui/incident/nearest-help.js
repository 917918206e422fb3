// Water and a defibrillator: the nearest of each, with how to get at it.

import { showThing } from "../../actions/map/navigation.js";
import { distance } from "../../lib/format.js";
import { nearestThing } from "../../lib/geometry.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";

const KINDS = /** @type {const} */ (["hydrant", "aed"]);

/**
 * @param {{ lon: number, lat: number }} place
 * @param {import("../../types/page.js").Model} model
 */
export function nearestHelp({ lon, lat }, { loaded: { facilities } }) {
  const all = facilities.value;
  if (!all) return nothing;
  return html`
    <div class="nearest">
      ${KINDS.map((kind) => {
        const found = nearestThing(all.filter((each) => each.kind === kind && !each.out_of_service), [lon, lat]);
        if (!found) return html`<p class="muted">${t(`nearest.no_${kind}`)}</p>`;
        const { thing, distanceM } = found;
        return html`
          <button class="nearest-thing" @click=${() => showThing("facility", thing.id)}>
            <span class="plate">${icon(kind)}</span>
            <span>
              <strong>${t(`nearest.${kind}`)} ${t("nearest.straight", { distance: distance(distanceM) })}</strong>
              <small>${nameOf(thing)}${thing.note ? ` · ${thing.note}` : ""}</small>
            </span>
          </button>
        `;
      })}
    </div>
  `;
}
