// What the incident wants, and what of it comes: two first-aiders wanted, one comes.

import { number } from "../../lib/format.js";
import { hasWords, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { wantedCapabilities } from "../../state/called-units.js";
import { icon } from "../components/icon.js";

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 */
export function wantedView(detail, model) {
  const all = wantedCapabilities(detail, model);
  if (all.length === 0) return nothing;
  return html`
    <section class="wanted" aria-label=${t("wanted.title")}>
      <h3>${t("wanted.title")}</h3>
      <ul>
        ${all.map(({ capability, by, wanted, coming }) => {
          const missing = coming < wanted;
          return html`<li data-missing=${missing} data-capability=${capability}>
            ${icon(missing ? "clock" : "check")}
            <span><strong>${capabilityName(capability)}</strong> ${t(`wanted.${by}`, { wanted: number(wanted), coming: number(coming) })}</span>
          </li>`;
        })}
      </ul>
    </section>
  `;
}

/** @param {string} capability */
export const capabilityName = (capability) => (hasWords(`capability.${capability}`) ? t(`capability.${capability}`) : capability);
