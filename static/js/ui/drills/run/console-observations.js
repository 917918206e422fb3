// What people see, as it comes: the last first.

import { stopwatch } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing, repeat } from "../../../lib/vendor.js";
import { clockS } from "../../../state/drills/ongoing.js";
import { ofObservation } from "./note-finding.js";

/** @typedef {import("../../../types/page.js").DrillConsole} Console */

/** @param {Console} it */
export function observationRows(it) {
  const { model, run, shown } = it;
  const { observations, drill } = shown;
  const objectives = new Map(drill.plan.objectives.map(({ key, text }) => [key, text]));
  return html`
    <h3>${t("console.observations", { n: observations.length })}</h3>
    ${observations.length === 0 ? html`<p class="muted">${t("console.no_observations")}</p>` : nothing}
    <ol class="observations">
      ${repeat([...observations].reverse(), ({ id }) => id, (each) => {
        const { id, at, verdict, by_name, text, objective, has_photo } = each;
        const photo = `/api/circles/${model.circleId}/drills/${drill.id}/observations/${id}/photo`;
        return html`
          <li data-verdict=${verdict}>
            <span>
              <strong>${t(`console.${verdict}`)}</strong> <time>T+${stopwatch(clockS(run, Date.parse(at)))}</time> <small>${by_name}</small>
              ${text ? html`<span class="said">${text}</span>` : nothing}
              ${objective ? html`<small>${objectives.get(objective) ?? objective}</small>` : nothing}
            </span>
            ${has_photo ? html`<a href=${photo} target="_blank" rel="noopener"><img src=${photo} alt=${t("console.photo", { name: by_name })} loading="lazy" /></a>` : nothing}
            ${ofObservation(it, each)}
          </li>
        `;
      })}
    </ol>
  `;
}
