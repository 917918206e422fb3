// Neighbouring circles: which of our units they may call, and whether they have agreed to help.

import { setNeighbour } from "../../actions/incident/ladders.js";
import { errorWords } from "../../lib/errors.js";
import { number } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { toast } from "../../state/model.js";

/**
 * @typedef {import("../../types/ladder.js").ShownNeighbour} ShownNeighbour
 * @typedef {import("../../types/messages.js").Unit} Unit
 */

/** @param {import("../../types/page.js").Model} model */
export function neighboursFold({ loaded, live, circleId }) {
  const { value, error } = loaded.neighbours;
  const units = live.snapshot?.units ?? [];
  return html`
    <details class="fold neighbours">
      <summary><span>${t("neighbours.title")}</span></summary>
      <p>${t("neighbours.what")}</p>
      <p class="muted">${t("neighbours.own_id")} <code>${circleId}</code></p>
      ${error ? html`<p class="problem" role="alert">${errorWords(error)}</p>` : nothing}
      ${(value?.neighbours ?? []).map((each) => neighbourRow(each, units))}
      <form class="field" @submit=${add}>
        <label><span>${t("neighbours.their_id")}</span><input name="id" required maxlength="36" autocomplete="off" spellcheck="false" /></label>
        <button class="button">${t("neighbours.add")}</button>
      </form>
    </details>
  `;
}

/**
 * @param {ShownNeighbour} neighbour
 * @param {readonly Unit[]} units
 */
function neighbourRow({ neighbour_id, unit_ids, is_agreed, units: theirs, ...names }, units) {
  const change = (/** @type {string} */ id) => {
    const others = unit_ids.filter((each) => each !== id);
    return put(neighbour_id, others.length < unit_ids.length ? others : [...unit_ids, id]);
  };
  return html`
    <fieldset class="neighbour" data-agreed=${is_agreed}>
      <legend>${is_agreed ? nameOf(names) : html`<code>${neighbour_id}</code>`}</legend>
      <p class="muted">${is_agreed ? t("neighbours.agreed", { n: number(theirs) }) : t("neighbours.waiting")}</p>
      <p>${t("neighbours.may_call")}</p>
      ${units.map((unit) => html`<label class="choice"><input type="checkbox" .checked=${unit_ids.includes(unit.id)} @change=${() => change(unit.id)} /><span>${nameOf(unit)}</span></label>`)}
      <er-confirm-button .words=${t("neighbours.end")} .act=${() => put(neighbour_id, null)}></er-confirm-button>
    </fieldset>
  `;
}

/** @param {SubmitEvent} event */
function add(event) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const id = String(new FormData(form).get("id") ?? "").trim();
  void put(id, []).then((done) => done && form.reset());
}

/**
 * @param {string} id
 * @param {string[] | null} unitIds
 */
async function put(id, unitIds) {
  const code = await setNeighbour(id, unitIds);
  if (code) toast(errorWords(code), "problem");
  return code === null;
}
