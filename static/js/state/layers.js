// The nouns that lie on the map, a row each: what is drawn, tapped, listed, counted and switched follows from it.

import { ago } from "../lib/format.js";
import { middleOf } from "../lib/geometry.js";
import { nameOf, t } from "../lib/i18n.js";
import { shownUnitId, unitState } from "./called-units.js";
import { inForce } from "./closures.js";
import { drawable, isFresh, placeOfUnit } from "./positions.js";
import { calls, incidentById } from "./selectors.js";
import { canBeUsed, stateWords } from "./things/facilities.js";
import { FACILITY_FORM } from "./things/facility-form.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 * @typedef {import("../types/page.js").LonLat} LonLat
 * @typedef {import("../types/page.js").LayerName} LayerName
 * @typedef {import("../types/page.js").ThingKind} ThingKind
 */

/**
 * @typedef {object} Look  how one thing is drawn now
 * @property {GeoJSON.Geometry} geometry
 * @property {string} label
 * @property {string} [symbol]  tone and pictogram: `ready car`; see map/images.js for the tones of each shape
 * @property {number} [opacity]
 * @property {number} [order]  the lowest first where the map has no room for all
 */

/** @typedef {import("./things/facility-form.js").Field} Field */

/**
 * @template T
 * @typedef {object} Layer
 * @property {LayerName} name  of its source, its switch in the legend and its words `layer.<name>`
 * @property {ThingKind} kind  of its view, and of what a tap finds
 * @property {(model: Model) => readonly T[]} all
 * @property {((feature: any) => T) | null} fromFeature  reads GET /circles/{id}/<name>; null when the snapshot brings all
 * @property {(thing: T, nowMs: number) => boolean} isShown  the others are neither drawn, listed nor counted
 * @property {string} symbol  pictogram of the noun
 * @property {((thing: T) => string) | null} icon  that of one thing, where they differ
 * @property {(thing: T, model: Model) => readonly LonLat[]} cameraPoints  what the camera shows of it
 * @property {boolean} imported  comes from files, and is removed one by one
 * @property {readonly Field[]} form  what a person may say of it on the page; empty where it comes from files alone
 * @property {boolean} costs  the server tells what it costs to shut the road there
 * @property {((thing: T) => string) | null} listed  line below its name in the overview; null when not listed there
 * @property {boolean} unfolded  its list there is open as long as there is something in it
 * @property {"disc" | "plate" | "triangle" | "tape" | "block"} shape  on the map and in the legend; blocks come from tiles
 * @property {number} level  the highest lies on top
 * @property {number} minZoom
 * @property {number} labelZoom  from which names are shown
 * @property {boolean} crowded  drawn even where there is no room
 * @property {(model: Model, nowMs: number) => readonly unknown[]} restsOn  what looks rest on beside the things themselves
 * @property {((model: Model, nowMs: number) => (thing: T) => Look) | null} look  null for what comes with the tiles
 */

/** @type {readonly any[]} */
const NONE = Object.freeze([]);

/** What a row need not say. */
const USUAL = {
  fromFeature: null,
  isShown: () => true,
  icon: null,
  imported: true,
  form: [],
  costs: false,
  listed: null,
  unfolded: false,
  minZoom: 15,
  labelZoom: 18,
  crowded: false,
  restsOn: () => NONE,
};

/**
 * @param {LonLat} lonlat
 * @returns {GeoJSON.Point}
 */
const point = ([lon, lat]) => ({ type: "Point", coordinates: [lon, lat] });

/** @param {{ geometry: Record<string, any> }} thing */
const middle = ({ geometry }) => middleOf(/** @type {GeoJSON.Geometry} */ (geometry));

/** @type {Layer<import("../types/messages.js").Unit>} */
const units = {
  ...USUAL,
  name: "units",
  kind: "unit",
  all: ({ live }) => live.snapshot?.units ?? NONE,
  symbol: "people",
  icon: ({ profile }) => profile,
  cameraPoints: (unit, { live }) => [placeOfUnit(unit, live.snapshot?.positions.find((each) => each.unit_id === unit.id) ?? null)],
  shape: "disc",
  level: 3,
  minZoom: 0,
  labelZoom: 15,
  crowded: true,
  restsOn: (model, nowMs) => [model.live.snapshot?.positions, shownIncident(model), shownUnitId(model), Math.floor(nowMs / 5000)],
  look(model, nowMs) {
    const positions = new Map(drawable(model.live.snapshot?.positions ?? [], nowMs).map((each) => [each.unit_id, each]));
    const incident = shownIncident(model);
    const deliveries = incident ? calls(incident) : [];
    const focused = shownUnitId(model);
    return (unit) => {
      const position = positions.get(unit.id) ?? null;
      return {
        geometry: point(placeOfUnit(unit, position)),
        symbol: `${unitTone(unit, unitState(deliveries, unit.id))} ${unit.profile}`,
        label: `${nameOf(unit)}\n${unitWords(unit, position, nowMs)}`,
        opacity: !unit.on_duty || (position !== null && !isFresh(position, nowMs)) ? 0.55 : 1,
        order: unit.id === focused ? 0 : 1,
      };
    };
  },
};

/** @param {Model} model */
const shownIncident = ({ live, view }) => (view.name === "incident" ? incidentById(live, view.id) : null);

/**
 * @param {import("../types/messages.js").Unit} unit
 * @param {string | null} state
 */
function unitTone({ on_duty }, state) {
  if (!on_duty) return "off";
  return state !== null && ["accepted", "en_route", "on_scene"].includes(state) ? "coming" : "ready";
}

/**
 * @param {import("../types/messages.js").Unit} unit
 * @param {import("../types/messages.js").Position | null} position
 * @param {number} nowMs
 */
function unitWords({ on_duty }, position, nowMs) {
  if (!on_duty) return t("unit_card.off_duty");
  return position ? ago((nowMs - Date.parse(position.at)) / 1000) : t("unit_card.at_post");
}

/** @type {Layer<import("../types/page.js").Facility>} */
const facilities = {
  ...USUAL,
  name: "facilities",
  kind: "facility",
  all: (model) => model.loaded.facilities.value ?? NONE,
  fromFeature: ({ id, properties, geometry: { coordinates } }) => ({ ...properties, id, lon: coordinates[0], lat: coordinates[1] }),
  symbol: "hydrant",
  icon: ({ kind }) => kind,
  form: FACILITY_FORM,
  cameraPoints: ({ lon, lat }) => [[lon, lat]],
  shape: "plate",
  level: 1,
  restsOn: (_, nowMs) => [Math.floor(nowMs / 60_000)],
  look: (_, nowMs) => (facility) => {
    const words = stateWords(facility, nowMs);
    return {
      geometry: point([facility.lon, facility.lat]),
      symbol: `plain ${facility.kind}`,
      label: words ? `${nameOf(facility)}\n${words}` : nameOf(facility),
      opacity: canBeUsed(facility, nowMs) ? 1 : 0.4,
      // Life and water first.
      order: ["aed", "hydrant"].includes(facility.kind) ? 0 : 1,
    };
  },
};

/** @type {Layer<import("../types/messages.js").Hazard>} */
const hazards = {
  ...USUAL,
  name: "hazards",
  kind: "hazard",
  all: ({ live }) => live.snapshot?.hazards ?? NONE,
  isShown: ({ state }) => state !== "closed",
  symbol: "warning",
  cameraPoints: (thing) => [middle(thing)],
  form: [
    { name: "kind", choices: ["blocked_lane", "ebike_charging", "wiring", "blocked_exit", "stairwell_clutter", "gas_cylinder"], words: "hazard_kind" },
    { name: "grade", choices: ["general", "major"], words: "hazard_grade" },
    { name: "name", required: true },
    { name: "name_en" },
    { name: "note", long: true },
  ],
  costs: true,
  listed: ({ grade, state }) => `${t(`hazard_grade.${grade}`)} · ${t(`hazard_state.${state}`)}`,
  shape: "triangle",
  level: 2,
  crowded: true,
  look: () => (hazard) => ({ geometry: point(middle(hazard)), symbol: `${hazard.grade} warning`, label: nameOf(hazard) }),
};

/** @type {Layer<import("../types/messages.js").Closure>} */
const closures = {
  ...USUAL,
  name: "closures",
  kind: "closure",
  all: ({ live }) => live.snapshot?.closures ?? NONE,
  isShown: inForce,
  symbol: "barrier",
  cameraPoints: (thing) => [middle(thing)],
  imported: false,
  costs: true,
  listed: ({ wider_than_m }) => (wider_than_m === null ? t("closure.for_all") : t("closure.for_wider", { width: wider_than_m })),
  unfolded: true,
  shape: "tape",
  level: 0,
  minZoom: 0,
  labelZoom: 16,
  crowded: true,
  restsOn: (_, nowMs) => [Math.floor(nowMs / 60_000)],
  look: () => (closure) => ({
    geometry: /** @type {GeoJSON.Geometry} */ (closure.geometry),
    label: closure.wider_than_m === null ? t("closure.label_all", { name: closure.name }) : t("closure.label_wider", { name: closure.name, width: closure.wider_than_m }),
  }),
};

/** @type {Layer<import("../types/page.js").Gate>} */
const gates = {
  ...USUAL,
  name: "gates",
  kind: "gate",
  all: (model) => model.loaded.gates.value ?? NONE,
  fromFeature: ({ id, properties, geometry: { coordinates } }) => ({ ...properties, id, lon: coordinates[0], lat: coordinates[1] }),
  symbol: "key",
  cameraPoints: ({ lon, lat }) => [[lon, lat]],
  form: [
    { name: "name", required: true },
    { name: "name_en" },
    { name: "kind" },
    { name: "note", long: true },
    { name: "holders", rows: [{ name: "name", required: true }, { name: "phone", type: "tel" }, { name: "hours" }] },
  ],
  listed: ({ kind, holders }) => [kind, ...holders.map(({ name }) => name)].filter(Boolean).join(" · "),
  shape: "plate",
  level: 2,
  look: () => (gate) => ({ geometry: point([gate.lon, gate.lat]), symbol: "plain key", label: nameOf(gate) }),
};

/** @type {Layer<import("../types/page.js").Building>} */
const buildings = {
  ...USUAL,
  name: "buildings",
  kind: "building",
  all: (model) => model.loaded.buildings.value ?? NONE,
  fromFeature: ({ id, properties, geometry }) => ({ ...properties, id, geometry }),
  symbol: "building",
  cameraPoints: (thing) => [middle(thing)],
  shape: "block",
  level: 0,
  look: null,
};

/** In the order of the legend. */
export const LAYERS = /** @type {readonly Layer<any>[]} */ (Object.freeze([units, facilities, gates, hazards, closures, buildings]));

/**
 * @param {string} kind
 * @returns {Layer<any> | undefined}
 */
export const layerOf = (kind) => LAYERS.find((layer) => layer.kind === kind);

/**
 * @param {Layer<any>} layer
 * @param {any} thing  all that tells pictograms of its kind apart
 */
export const iconOf = ({ icon, symbol }, thing) => icon?.(thing) ?? symbol;

/** Those whose things a request of their own brings. */
export const COLLECTIONS = LAYERS.filter(({ fromFeature }) => fromFeature !== null);

/**
 * @param {Model} model
 * @param {string} kind
 * @param {string} id
 * @returns {any} undefined when it is not known, or not any more
 */
export const thingById = (model, kind, id) => layerOf(kind)?.all(model).find((each) => each.id === id);

/**
 * @param {Layer<any>} layer
 * @param {Model} model
 * @param {number} nowMs
 * @returns {any[]} those that are drawn, listed and counted
 */
export const shownThings = (layer, model, nowMs) => layer.all(model).filter((thing) => layer.isShown(thing, nowMs));
