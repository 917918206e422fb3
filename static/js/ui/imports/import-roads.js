// The roads that the circle goes by: how much there is, where widths come from, and whether to read them again.

import { number } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";

/** @param {import("../../types/page.js").RoadsOfCircle | null} roads */
export function importRoads(roads) {
  if (roads === null) return nothing;
  const { ways_taken, length_km, written_width_share, class_width_share, unknown_width_share } = roads.summary;
  return html`
    <section class="import-roads" aria-labelledby="import-roads">
      <h3 id="import-roads">${t("imports.roads")}</h3>
      ${roads.by_earlier_rules
        ? html`<p class="problem">${t("imports.roads_earlier")}</p>
            <p class="muted">${t("imports.roads_again")}</p>`
        : nothing}
      ${ways_taken === undefined ? nothing : html`<p>${t("imports.roads_taken", { n: number(ways_taken), km: number(length_km ?? 0, { maximumFractionDigits: 1 }) })}</p>`}
      ${written_width_share === undefined
        ? nothing
        : html`<p>
            ${t("imports.roads_widths", { written: percent(written_width_share), of_class: percent(class_width_share ?? 0), unknown: percent(unknown_width_share ?? 0) })}
          </p>`}
    </section>
  `;
}

/**
 * A little is neither nothing nor all.
 * @param {number} share
 */
function percent(share) {
  const isFine = (share > 0 && share < 0.01) || (share > 0.99 && share < 1);
  return number(share, { style: "percent", maximumFractionDigits: isFine ? 1 : 0 });
}
