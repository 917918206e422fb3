// Which roads matter most: ranked by whom shutting them would put out of reach; a tap shows one on the map.

import { showOverview, showThing } from "../../actions/map/navigation.js";
import { choosePeoplePass, chooseRoad } from "../../actions/reach/reach-queries.js";
import { errorWords } from "../../lib/errors.js";
import { distance, number, timeOfDay } from "../../lib/format.js";
import { nameOf, t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { layerOf } from "../../state/layers.js";
import { lossesWithin } from "../../state/reach.js";
import { listRow } from "../components/list-row.js";
import { viewHeader } from "../components/view-header.js";
import { lossTable, lostWords } from "./closure-impact.js";

/**
 * @typedef {import("../../types/reach.js").Criticality} Criticality
 * @typedef {import("../../types/reach.js").RoadCost} RoadCost
 */

/**
 * @param {import("../../types/page.js").Model} model
 * @param {Extract<import("../../types/page.js").View, { name: "criticality" }>} view
 * @returns {import("../../types/page.js").PanelView}
 */
export function criticalityView({ loaded: { criticality }, chosenRoadId }, { building, peoplePass }) {
  const found = criticality.value?.result ?? null;
  const body = html`
    ${viewHeader(t("critical.title"), { symbol: "barrier", below: building ? t("critical.for", { name: nameOf(building) }) : t("critical.for_all") })}
    <fieldset class="segments wrap">
      <legend>${t("critical.who_is_stopped")}</legend>
      <button aria-pressed=${peoplePass} @click=${() => choosePeoplePass(true)}>${t("critical.vehicles")}</button>
      <button aria-pressed=${!peoplePass} @click=${() => choosePeoplePass(false)}>${t("critical.all")}</button>
    </fieldset>
    ${criticality.status === "loading" ? progress(criticality.value) : nothing}
    ${criticality.status === "failed" ? failed(criticality.error) : nothing}
    ${found ? ranking(found, chosenRoadId) : nothing}
    ${found ? notes(found, criticality.value?.computed_at ?? null) : nothing}
  `;
  return { body };
}

/** @param {import("../../types/reach.js").CriticalityStatus | null} status */
function progress(status) {
  const progress = status?.progress ?? 0;
  return html`
    <p class="muted" role="status">${progress > 0 ? t("critical.finding_share", { share: number(progress, { style: "percent" }) }) : t("critical.finding")}</p>
    <progress class="share" max="1" .value=${progress} aria-label=${t("critical.finding")}></progress>
  `;
}

/** @param {string | null} error */
const failed = (error) => html`
  <p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>
  <button class="button" @click=${showOverview}>${t("action.back")}</button>
`;

/**
 * @param {Criticality} found
 * @param {number | null} chosen
 */
function ranking(found, chosen) {
  if (found.roads.length === 0) return html`<p>${t("critical.none")}</p>`;
  return html`
    <ol class="ranking" aria-label=${t("critical.title")}>
      ${found.roads.map((road, i) => roadRow(road, { rank: i + 1, found, chosen: road.road_id === chosen }))}
    </ol>
    ${things(found)}
  `;
}

/**
 * @param {RoadCost} road
 * @param {{ rank: number, found: Criticality, chosen: boolean }} how
 */
const roadRow = (road, { rank, found, chosen }) => html`
  <li data-chosen=${chosen}>
    <button class="ranked" aria-pressed=${chosen} @click=${() => chooseRoad(road.road_id)}>
      <span class="rank">${rank}</span>
      <span class="ranked-words">
        <strong>${road.name || t("member.unnamed_lanes")}</strong>
        <small>${distance(road.length_m)} · ${lostWords(road.households, found.counted)}</small>
        <small>${worst(road, found)}</small>
      </span>
    </button>
    ${chosen ? lossTable(road.losses, found.limits_s) : nothing}
  </li>
`;

/**
 * The widest circle that households drop out of, and whose.
 * @param {{ losses: import("../../types/reach.js").Loss[] }} cost
 * @param {Criticality} found
 */
function worst({ losses }, { limits_s }) {
  const limit = [...limits_s].sort((a, b) => b - a).find((each) => lossesWithin(losses, each).length > 0);
  if (limit === undefined) return "";
  const kinds = lossesWithin(losses, limit).map(({ kind }) => t(`partner_kind.${kind}`));
  return t("critical.worst", { n: number(limit / 60), kinds: kinds.join(t("critical.comma")) });
}

/** @param {Criticality} found */
function things(found) {
  if (found.features.length === 0) return nothing;
  return html`
    <h3>${t("critical.things")}</h3>
    ${found.features.map((thing) =>
      listRow(layerOf(thing.type)?.symbol ?? "", nameOf(thing), {
        below: html`${lostWords(thing.households, found.counted)}<br />${worst(thing, found)}`,
        act: () => showThing(thing.type, thing.id),
      }),
    )}
  `;
}

/**
 * @param {Criticality} found
 * @param {string | null} computedAt
 */
const notes = (found, computedAt) => html`
  <p class="muted">
    ${t(`critical.counted_${found.counted}`, { n: number(found.households), buildings: number(found.buildings) })}
    ${found.excluded > 0 ? t("critical.left_out", { n: number(found.excluded) }) : nothing}
    ${found.roads_excluded > 0 ? t("critical.more_roads", { n: number(found.roads_excluded) }) : nothing}
    ${t("critical.how")} ${computedAt ? t("critical.computed", { time: timeOfDay(computedAt) }) : nothing}
  </p>
`;
