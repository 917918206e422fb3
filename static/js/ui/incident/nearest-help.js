// Water and a defibrillator: the nearest of each that can be used now, with how to get at it.

import { showThing } from "../../actions/map/navigation.js";
import { now } from "../../lib/clock.js";
import { distance, duration } from "../../lib/format.js";
import { nearestThing } from "../../lib/geometry.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { canBeUsed, openingNow } from "../../state/things/facilities.js";
import { icon } from "../components/icon.js";

const KINDS = /** @type {const} */ (["hydrant", "aed"]);

/**
 * @param {{ lon: number, lat: number }} place
 * @param {import("../../types/page.js").Model} model
 */
export function nearestHelp({ lon, lat }, { loaded: { facilities, nearest } }) {
  const all = facilities.value?.filter((each) => canBeUsed(each, now()));
  if (!all) return nothing;
  return html`
    <div class="nearest">
      ${KINDS.map((kind) => {
        const own = all.filter((each) => each.kind === kind);
        const way = nearest.value?.found.find((each) => each.kind === kind && own.some(({ id }) => id === each.facility_id));
        // Until the way is known, and without a network, the straight line is better than nothing.
        const straight = way ? null : nearestThing(own, [lon, lat]);
        const thing = way ? own.find(({ id }) => id === way.facility_id) : straight?.thing;
        if (!thing) return html`<p class="muted">${t(`nearest.no_${kind}`)}</p>`;
        const far = way ? wayWords(way) : t("nearest.straight", { distance: distance(straight?.distanceM ?? 0) });
        const unknown = openingNow(thing, now()) === "unknown" ? t("facility.hours_unknown") : null;
        return html`
          <button class="nearest-thing" @click=${() => showThing("facility", thing.id)}>
            <span class="plate">${icon(kind)}</span>
            <span>
              <strong>${t(`nearest.${kind}`)} ${far}</strong>
              <small>${[nameOf(thing), unknown, thing.where_to_find, thing.note].filter(Boolean).join(" · ")}</small>
            </span>
          </button>
        `;
      })}
    </div>
  `;
}

/** @param {import("../../types/page.js").NearestFacilities["found"][number]} way */
function wayWords({ seconds, length_m }) {
  if (seconds === null) return t("nearest.hose", { distance: distance(length_m) });
  return t("nearest.on_foot", { distance: distance(length_m), time: duration(seconds) });
}
