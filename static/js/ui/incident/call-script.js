// Dial first: 119, 120 or 110, and the words to read out.

import { coordinates } from "../../lib/format.js";
import { language, t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";

/** Whom to ring first for what; the others stay one tap away. */
const FIRST = /** @type {Readonly<Record<string, string>>} */ ({ medical: "120", fall: "120", crowd: "110" });
const NUMBERS = ["119", "120", "110"];

/** What the operator asks, in the order of the services' own scripts. */
const LINES = /** @type {Readonly<Record<string, readonly string[]>>} */ ({
  119: ["people", "danger", "caller", "stay", "lead_in"],
  120: ["patient", "caller", "first_aid", "lead_in"],
  110: ["crowd", "people", "caller", "stay"],
});
const BURNS = ["fire", "smoke"];

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {import("../../types/page.js").Model} model
 * @param {{ unfolded: boolean }} how
 */
export function callScript({ incident, response_circle }, { live }, { unfolded }) {
  const { kind, place, exercise } = incident;
  const first = FIRST[kind] ?? "119";
  const others = NUMBERS.filter((number) => number !== first);
  const circle = live.snapshot?.circle;
  const area = circle ? (language() === "en" && circle.name_en) || circle.name : "";
  const lane = response_circle.members[0]?.legs.flatMap((leg) => leg.street_names).at(-1) ?? "";
  const address = [area, lane, place.label].filter(Boolean).join(language() === "en" ? ", " : "，");
  if (exercise) return html`<p class="script exercise-note">${icon("drill")}<span>${t("call.exercise_do_not_dial")}</span></p>`;
  return html`
    <details class="script" ?open=${unfolded}>
      <summary>
        <a class="number strong" href="tel:${first}">${icon("phone")}${first}</a>
        <span><strong>${t("call.first", { number: first })}</strong><small>${t("call.script")}</small></span>
      </summary>
      <ol>
        <li class="address"><strong>${address}</strong><small>${coordinates(place.lon, place.lat)}</small></li>
        <li>${t(BURNS.includes(kind) ? "call.line_what_burns" : "call.line_what", { kind: t(`kind.${kind}`) })}</li>
        ${(LINES[first] ?? []).map((line) => html`<li>${t(`call.line_${line}`)}</li>`)}
      </ol>
      <p class="numbers">${others.map((number) => html`<a class="number" href="tel:${number}">${number}<small>${t(`call.who_${number}`)}</small></a>`)}</p>
      <p class="muted">${t("call.never_replaces")}</p>
    </details>
  `;
}
