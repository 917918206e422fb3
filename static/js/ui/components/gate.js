// A gate: how to get through, and who has the key; on its own, and among those on a way.

import { showThing } from "../../actions/map/navigation.js";
import { distance } from "../../lib/format.js";
import { thingsAlong } from "../../lib/geometry.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { editRow } from "./feature-form.js";
import { icon } from "./icon.js";
import { listRow } from "./list-row.js";
import { removeRow } from "./remove-thing.js";
import { viewHeader } from "./view-header.js";

/**
 * @typedef {import("../../types/page.js").Gate} Gate
 * @typedef {import("../../types/page.js").Model} Model
 */

/** Metres between a gate and a way through it: half a street, so that one across it counts and one in the next yard does not. */
const NEAR_WAY_M = 8;

/**
 * @param {Model} model
 * @param {string} id
 * @returns {import("../../types/page.js").PanelView}
 */
export function gateView(model, id) {
  const gate = model.loaded.gates.value?.find((each) => each.id === id);
  if (!gate) return { body: html`${viewHeader(t("gate.title"))}<p class="muted">${t("gate.gone")}</p>` };
  const body = html`
    ${viewHeader(nameOf(gate), { symbol: "key", below: gate.kind || t("gate.title") })} ${access(gate)} ${editRow(model, "gates", id)}
    ${removeRow(model, "gates", id)}
  `;
  return { body };
}

/**
 * For a person on their way: the gates that they come to, the nearest first.
 * @param {Model} model
 * @param {import("../../types/messages.js").Member} member
 */
export function gatesToPass({ loaded }, { legs }) {
  const way = /** @type {import("../../types/page.js").LonLat[]} */ (/** @type {unknown} */ (legs.flatMap(({ coordinates }) => coordinates)));
  const passed = thingsAlong(loaded.gates.value ?? [], way, NEAR_WAY_M);
  if (passed.length === 0) return nothing;
  return html`
    <section class="gates-on-way" aria-label=${t("gate.on_way")}>
      <h3>${t("gate.on_way")}</h3>
      ${passed.map(
        ({ thing: gate, alongM }) => html`
          ${listRow("key", nameOf(gate), { below: [t("gate.after", { distance: distance(alongM) }), gate.kind].filter(Boolean).join(" · "), act: () => showThing("gate", gate.id) })}
          ${access(gate)}
        `,
      )}
    </section>
  `;
}

/** @param {Gate} gate */
const access = ({ note, holders }) => html`${note ? html`<p class="note">${note}</p>` : nothing} ${keyHolders(holders)}`;

/** @param {readonly import("../../types/page.js").KeyHolder[]} holders */
export const keyHolders = (holders) => html`
  ${holders.map(({ name, phone, hours }) => {
    const words = [name, hours].filter(Boolean).join(" · ");
    return phone
      ? html`<a class="button" href="tel:${phone}">${icon("phone")}<span>${words}<small> ${phone}</small></span></a>`
      : html`<p>${words}</p>`;
  })}
`;
