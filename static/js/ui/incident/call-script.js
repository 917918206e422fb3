// Dial first: 119, 120 or 110, and the words to read out.

import { coordinates } from "../../lib/format.js";
import { language, t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { kindName, kindOf } from "../../state/kinds.js";
import { icon } from "../components/icon.js";

const NUMBERS = ["119", "120", "110"];

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {{ unfolded: boolean }} how
 */
export function callScript({ incident, response_circle }, model, { unfolded }) {
  const { live } = model;
  const { kind, place, exercise } = incident;
  const known = kindOf(kind, model);
  const first = known?.emergency_number ?? "119";
  const lines = (language() === "en" ? known?.script_en : known?.script_zh) ?? [];
  const others = NUMBERS.filter((number) => number !== first);
  const circle = live.snapshot?.circle;
  const area = circle ? (language() === "en" && circle.name_en) || circle.name : "";
  const lane = response_circle.members[0]?.legs.flatMap((leg) => leg.street_names).at(-1) ?? "";
  const address = [area, lane, place.label].filter(Boolean).join(language() === "en" ? ", " : "，");
  if (exercise) return html`<p class="script exercise-note">${icon("drill")}<span>${t("call.exercise_do_not_dial")}</span></p>`;
  return html`
    <div class="script-and-number">
      <a class="number strong" href="tel:${first}">${icon("phone")}${first}</a>
      <details class="script" ?open=${unfolded}>
        <summary>
          <span><strong>${t("call.first", { number: first })}</strong><small>${t("call.script")}</small></span>
        </summary>
        <ol>
          <li class="address"><strong>${address}</strong><small>${coordinates(place.lon, place.lat)}</small></li>
          <li>${t("call.line_what", { kind: kindName(kind, model) })}</li>
          ${lines.map((line) => html`<li>${line}</li>`)}
        </ol>
        <p class="numbers">${others.map((number) => html`<a class="number" href="tel:${number}">${number}<small>${t(`call.who_${number}`)}</small></a>`)}</p>
        <p class="muted">${t("call.never_replaces")}</p>
      </details>
    </div>
  `;
}
