// All shared facilities: what has to be inspected and what does not work first, the others by kind; labels to be printed.

import { goBack, showRegister, showThing } from "../../actions/map/navigation.js";
import { printLabels } from "../../actions/registers/inspect.js";
import { now } from "../../lib/clock.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { daysLeft, due, openingNow, stateWords } from "../../state/things/facilities.js";
import { layerOf } from "../../state/layers.js";
import { toast } from "../../state/model.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";
import { viewHeader } from "../components/view-header.js";
import { inspectionWords } from "../map/facility.js";

import { facilityName } from "./inspections.js";

/**
 * @typedef {import("../../types/page.js").Facility} Facility
 * @typedef {import("../../types/page.js").Model} Model
 */

const MOST_LABELS = 200;

/**
 * @param {Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function facilityListView(model) {
  const { live, loaded } = model;
  const all = loaded.facilities.value ?? [];
  const inspects = may(live.viewer, "inspect_facilities");
  const waiting = due(all, now());
  const faulty = all.filter(({ state }) => state === "faulty");
  const kinds = layerOf("facility")?.form.find(({ name }) => name === "kind")?.choices ?? [];
  const unknown = all.filter((each) => openingNow(each, now()) === "unknown").length;
  const body = html`
    ${viewHeader(t("registers.facilities"), { symbol: "hydrant", below: facilitiesWaiting(model), back: () => goBack(() => showRegister("home")) })}
    ${all.length === 0 ? html`<p class="muted">${t("facility_list.none")}</p>` : nothing}
    ${inspects && all.length > 0
      ? html`
          <button class="button big primary" ?disabled=${waiting.length === 0} @click=${() => showRegister("inspection")}>${icon("check")}<span>${t("facility_list.start_round", { n: waiting.length })}</span></button>
          ${listRow("clock", t("inspection.history"), { act: () => showRegister("inspections") })}
        `
      : nothing}
    ${unknown > 0 ? html`<p class="muted">${t("facility_list.hours_unknown", { n: unknown })}</p>` : nothing}
    ${faulty.length > 0 ? html`<h3>${t("facility_list.faulty")}</h3>${faulty.map(row)}` : nothing}
    ${waiting.length > 0 ? html`<h3>${t("facility_list.due")}</h3>${waiting.map(row)}` : nothing}
    ${all.length > 0 ? html`<h3>${t("facility_list.all")}</h3>` : nothing}
    ${kinds.map((kind) => {
      const own = all.filter((each) => each.kind === kind);
      if (own.length === 0) return nothing;
      return html`<details class="fold"><summary>${icon(kind)}<span>${t(`facility_kind.${kind}`)} (${own.length})</span></summary>${own.map(row)}</details>`;
    })}
    ${inspects && all.length > 0 ? labels(model, all) : nothing}
  `;
  return { body };
}

/** @param {Facility} facility */
function row(facility) {
  const below = [stateWords(facility, now()), facility.where_to_find, daysLeft(facility, now()) === null ? null : inspectionWords(facility)].filter(Boolean).join(" · ");
  return listRow(facility.kind, facilityName(facility), { below: below || t("facility.usable"), act: () => showThing("facility", facility.id) });
}

/**
 * @param {Model} model
 * @param {readonly Facility[]} all
 */
const labels = ({ language }, all) => html`
  <details class="fold">
    <summary>${icon("script")}<span>${t("labels.title")}</span></summary>
    <form class="labels" @submit=${(/** @type {SubmitEvent} */ event) => print(event, language)}>
      <p class="muted">${t("labels.means")}</p>
      ${all.filter(({ state }) => state !== "removed").map((each) => html`<label class="choice"><input type="checkbox" name="id" value=${each.id} /><span>${facilityName(each)}</span></label>`)}
      <button class="button">${icon("down")}<span>${t("labels.print")}</span></button>
    </form>
  </details>
`;

/**
 * @param {SubmitEvent} event
 * @param {string} language
 */
async function print(event, language) {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.target);
  const ids = new FormData(form).getAll("id").map(String);
  if (ids.length === 0) return toast(t("labels.choose"), "problem");
  if (ids.length > MOST_LABELS) return toast(t("labels.too_many", { n: MOST_LABELS }), "problem");
  const button = form.querySelector("button");
  button?.setAttribute("disabled", "");
  try {
    await printLabels(ids, language);
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  } finally {
    button?.removeAttribute("disabled");
  }
}

/** @param {Model} model */
export function facilitiesWaiting({ loaded }) {
  const all = loaded.facilities.value ?? [];
  const overdue = all.filter((each) => (daysLeft(each, now()) ?? 1) < 0).length;
  const faulty = all.filter(({ state }) => state === "faulty").length;
  const waiting = due(all, now()).length;
  const parts = [
    ...(waiting > 0 ? [t("registers.facilities_due", { n: waiting })] : []),
    ...(overdue > 0 ? [t("registers.facilities_overdue", { n: overdue })] : []),
    ...(faulty > 0 ? [t("registers.facilities_faulty", { n: faulty })] : []),
  ];
  return parts.join(" · ") || t("registers.facilities_fine");
}
