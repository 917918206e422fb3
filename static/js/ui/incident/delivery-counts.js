// How far the call has come, in four numbers.

import { listed, number } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing, styleMap } from "../../lib/vendor.js";
import { counts, withdrawn } from "../../state/selectors.js";

const SHOWN = /** @type {const} */ (["called", "delivered", "accepted", "on_scene"]);

/** @param {import("../../types/messages.js").IncidentDetail} detail */
export function deliveryCounts(detail) {
  const all = counts(detail);
  const gone = withdrawn(detail).map((delivery) => t("incident.withdrawn_one", { name: delivery.recipient_name, unit: unitName(detail, delivery.unit_id) }));
  return html`
    <dl class="counts">
      ${SHOWN.map(
        (each) => html`
          <div data-count=${each} style=${styleMap({ "--share": String(all.called === 0 ? 0 : all[each] / all.called) })}>
            <dt>${t(`counts.${each}`)}</dt>
            <dd>${number(all[each])}</dd>
          </div>
        `,
      )}
    </dl>
    ${gone.length > 0 ? html`<p class="problem withdrawn" role="alert">${t("incident.withdrawn", { names: listed(gone) })}</p>` : nothing}
  `;
}

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {string} unitId
 */
function unitName({ response_circle }, unitId) {
  const { members, non_members } = response_circle;
  const unit = members.find(({ unit_id }) => unit_id === unitId) ?? non_members.find(({ unit_id }) => unit_id === unitId);
  return unit ? nameOf({ name: unit.unit_name, name_en: unit.unit_name_en }) : "";
}
