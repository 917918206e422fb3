// Where the map looks. It moves when something else is looked at, never while it is the same.

import { boundsOf, distanceM } from "../lib/geometry.js";
import { shownUnitId } from "../state/called-units.js";
import { layerOf, thingById } from "../state/layers.js";
import { proposalById } from "../state/proposals.js";
import { incidentById, movedIncident } from "../state/selectors.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 * @typedef {import("../types/page.js").LonLat} LonLat
 */

const CLOSE = 17.6;
/** How much of the ways around the scene staff see when an incident opens. */
const AROUND_M = 220;
/** A quarter is about so large from its middle; roads that matter may lie far beyond, such as a fire station's own. */
const QUARTER_M = 500;
/** How high an incident's pin stands above its place. */
const PIN_PX = 60;
/** Less of the map than this shows nothing. */
const LEAST_PX = 96;
const QUIET = matchMedia("(prefers-reduced-motion: reduce)");

export class Camera {
  /** @param {import("./maplibre.js").MapLibreMap} map */
  constructor(map) {
    this.map = map;
    this.shownKey = "";
  }

  /** @param {Model} model */
  follow(model) {
    const key = keyOf(model);
    if (key === null || key === this.shownKey) return;
    this.shownKey = key;
    // After the panel has taken its new size, so that nothing ends up beneath it.
    requestAnimationFrame(() => this.show(pointsFor(model)));
  }

  /**
   * @param {readonly LonLat[]} points
   */
  show(points) {
    const bounds = boundsOf(points);
    if (!bounds) return;
    const [w, s, e, n] = bounds;
    this.map.fitBounds([w, s, e, n], {
      padding: this.#padding(),
      maxZoom: CLOSE,
      pitch: this.map.getPitch(),
      bearing: this.map.getBearing(),
      duration: QUIET.matches ? 0 : 700,
    });
  }

  /** Room that the panel leaves, with a margin for symbols. */
  #padding() {
    const panel = document.querySelector(".panel")?.getBoundingClientRect();
    const bar = document.querySelector(".top")?.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.map.getContainer();
    const room = { top: 96, right: 72, bottom: 56, left: 48 };
    if (!panel) return room;
    const atTheLeft = panel.width < clientWidth * 0.6;
    if (atTheLeft) room.left = panel.right + 40;
    // On a phone a panel over all of the map must not leave a negative rest.
    else room.bottom = Math.min(clientHeight - panel.top + 44, clientHeight * 0.62);
    // Where banners lie across the map, as on a phone, a pin stands below them as long as there is room.
    if (bar && bar.right > room.left) room.top = Math.max(96, Math.min(bar.bottom + PIN_PX, clientHeight - room.bottom - LEAST_PX));
    return room;
  }
}

/**
 * @param {Model} model
 * @returns {string | null} the same as long as the same thing is looked at; null while nothing is known
 */
function keyOf(model) {
  const { view, focusedUnitId, circleId } = model;
  if (!model.live.snapshot) return null;
  switch (view.name) {
    case "overview":
      return `${circleId} overview ${model.loaded.buildings.value !== null}`;
    case "place":
      return `place ${view.place.lon} ${view.place.lat} ${focusedUnitId}`;
    case "choose_place":
      return movedIncident(model) ? `moving ${model.moving}` : `${circleId} overview ${model.loaded.buildings.value !== null}`;
    case "closure_draft":
      return `${circleId} draft`;
    case "rehearsal":
    case "calibration":
      return null;
    case "profiles":
    case "ladders":
    case "drills":
      return `${circleId} ${view.name}`;
    case "drill":
    case "drill_run":
    case "drill_observe":
    case "drill_lane":
    case "finding":
    case "findings":
    case "programme":
    case "register":
      return null;
    case "criticality":
      return `critical ${view.building?.id} ${view.peoplePass} ${model.loaded.criticality.status} ${model.chosenRoadId}`;
    default:
      return `${view.name} ${view.id} ${focusedUnitId}`;
  }
}

/**
 * @param {Model} model
 * @returns {LonLat[]}
 */
function pointsFor(model) {
  const { view, live } = model;
  const snapshot = /** @type {import("../types/messages.js").CircleSnapshot} */ (live.snapshot);
  switch (view.name) {
    case "overview":
    case "choose_place": {
      // A pin is seldom moved far.
      const moved = movedIncident(model)?.incident.place;
      if (moved) return [[moved.lon, moved.lat]];
      const homes = (model.loaded.buildings.value ?? []).filter((building) => building.households > 0);
      const built = homes.flatMap((building) => building.entrances);
      const near = built.map(({ lon, lat }) => /** @type {LonLat} */ ([lon, lat]));
      return near.length > 0 && near.length < 500 ? near : [snapshot.circle.centre];
    }
    case "incident":
      return pointsOfIncident(model, view.id);
    case "proposal":
      return pointsOfProposal(model, view.id);
    case "place":
      return [[view.place.lon, view.place.lat], ...routePoints(model.loaded.reach.value?.members, model.focusedUnitId)];
    case "rehearsal":
    case "calibration":
      return [];
    case "criticality":
      return roadPoints(model, snapshot.circle.centre);
    case "drill":
    case "drill_run":
    case "drill_observe":
    case "drill_lane":
    case "finding":
    case "findings":
    case "programme":
    case "register":
      return [];
    default: {
      const thing = "id" in view ? thingById(model, view.name, view.id) : undefined;
      return thing ? [...(layerOf(view.name)?.cameraPoints(thing, model) ?? [])] : [];
    }
  }
}

/**
 * The road that was picked, or else those that matter in the quarter itself.
 * @param {Model} model
 * @param {LonLat} centre
 * @returns {LonLat[]}
 */
function roadPoints({ loaded: { criticality }, chosenRoadId }, centre) {
  const points = (/** @type {readonly import("../types/reach.js").RoadCost[]} */ some) => some.flatMap((road) => road.coordinates);
  const roads = criticality.value?.result?.roads ?? [];
  const chosen = points(roads.filter((road) => road.road_id === chosenRoadId));
  if (chosen.length > 0) return chosen;
  const near = points(roads).filter((each) => distanceM(each, centre) < QUARTER_M);
  return near.length > 0 ? near : points(roads);
}

/**
 * The scene, and the way that matters to who is looking: their own, or the one they picked.
 * @param {Model} model
 * @param {string} id
 * @returns {LonLat[]}
 */
function pointsOfIncident(model, id) {
  const detail = incidentById(model.live, id);
  if (!detail) return [];
  const { lon, lat } = detail.incident.place;
  const { members } = detail.response_circle;
  const unitId = shownUnitId(model);
  if (unitId !== null) return [[lon, lat], ...routePoints(members, unitId)];
  const ways = members.flatMap((member) => routePoints(members, member.unit_id));
  return [[lon, lat], ...ways.filter((each) => distanceM(each, [lon, lat]) < AROUND_M)];
}

/**
 * @param {Model} model
 * @param {string} id
 * @returns {LonLat[]}
 */
function pointsOfProposal(model, id) {
  const proposal = proposalById(model, id);
  if (!proposal?.area) return [];
  const { type, coordinates } = proposal.area;
  const rings = type === "Polygon" ? coordinates : coordinates.flat();
  return rings.flat().map(([lon = 0, lat = 0]) => [lon, lat]);
}

/**
 * @param {readonly import("../types/messages.js").Member[] | undefined} members
 * @param {string | null} unitId
 * @returns {LonLat[]}
 */
function routePoints(members, unitId) {
  const member = members?.find((each) => each.unit_id === unitId);
  return (member?.legs ?? []).flatMap((leg) => leg.coordinates.map(([lon, lat]) => /** @type {LonLat} */ ([lon, lat])));
}
