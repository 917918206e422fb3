// Looking at something: what the panel shows, and what the map points out.

import { middleOf } from "../../lib/geometry.js";
import { t } from "../../lib/i18n.js";
import { thingById } from "../../state/layers.js";
import { dismiss, EMPTY_DRAFT, model, toast } from "../../state/model.js";
import { cameFrom, remember } from "./way-back.js";

/**
 * @typedef {import("../../types/page.js").View} View
 * @typedef {import("../../types/page.js").PlaceChoice} PlaceChoice
 */

/** @param {View} view */
function show(view) {
  model.set({ view, focusedUnitId: null, placing: null, sheet: "half", raise: { status: "idle", kind: null, error: null, candidates: [] } });
}

/** @param {View} view  of which there is a way back to the one that is on screen */
function enter(view) {
  remember(view);
  show(view);
}

/** @param {() => void} otherwise  where to, if it is not known from where the person came: after a reload, for instance */
export function goBack(otherwise) {
  const from = cameFrom();
  if (from) show(from);
  else otherwise();
}

export function showOverview() {
  model.set({ moving: null });
  show({ name: "overview" });
}

/** @param {string} id  the incident whose pin is to be moved to the place that is chosen next */
export function startMovingPin(id) {
  model.set({ moving: id });
  show({ name: "choose_place" });
}

/** The thing whose form is open is placed where the map is tapped next. */
export function startPlacing() {
  model.set({ placing: { at: null } });
}

export function stopPlacing() {
  if (model.value.placing) model.set({ placing: null });
}

/** @param {import("../../types/page.js").LonLat} at */
export function placeThing(at) {
  model.set({ placing: { at } });
}

export function choosePlace() {
  model.set({ moving: null });
  show({ name: "choose_place" });
}

/** @param {string} id */
export function showIncident(id) {
  // A pin is moved by the next place that is chosen, but not after its incident, or another one, was looked at again.
  model.set({ moving: null });
  show({ name: "incident", id });
}

/** @param {string} id */
export function showProposal(id) {
  show({ name: "proposal", id, place: null, kind: null, severity: null, similar: [] });
}

/**
 * What is raised from a message, and where, when it is not as the message has it.
 * @param {Partial<Pick<import("../../types/page.js").ProposalView, "place" | "kind" | "severity" | "similar">>} choice
 */
export function chooseForProposal(choice) {
  const { view } = model.value;
  if (view.name === "proposal") model.set({ view: { ...view, ...choice } });
}

/** Longer than a finger is on its way to the screen. */
const SETTLES_MS = 500;
const JUST_CAME = "data-just-came";
let settling = 0;

/** @param {string} id */
export function showIncidentByItself(id) {
  const page = document.documentElement;
  clearTimeout(settling);
  settling = setTimeout(() => page.removeAttribute(JUST_CAME), SETTLES_MS);
  // Buttons that do not answer yet look it.
  page.setAttribute(JUST_CAME, "");
  showIncident(id);
}

/** @returns {boolean} whether an incident came on screen without a tap just now: a tap still means what was there before */
export function hasJustAppeared() {
  return document.documentElement.hasAttribute(JUST_CAME);
}

/**
 * @param {import("../../types/page.js").ThingKind} kind
 * @param {string} id
 */
export function showThing(kind, id) {
  if (kind !== "building") return show({ name: kind, id });
  const building = thingById(model.value, kind, id);
  if (building) showBuilding(building);
}

export function startClosure() {
  model.set({ draft: EMPTY_DRAFT });
  show({ name: "closure_draft" });
}

/** @param {import("../../types/page.js").Building} building */
export function showBuilding(building) {
  const [lon, lat] = building.entrances[0]
    ? [building.entrances[0].lon, building.entrances[0].lat]
    : middleOf(building.geometry);
  showPlace({ lon, lat, label: "", building, entrance: null, accuracyM: null });
}

/** @param {PlaceChoice} place */
export function showPlace(place) {
  show({ name: "place", place });
}

/**
 * Which roads matter most, for the circle or for one building.
 * @param {import("../../types/page.js").Building | null} building
 */
export function showCriticality(building = null) {
  model.set({ chosenRoadId: null });
  show({ name: "criticality", building, peoplePass: true });
}

export function showProfiles() {
  show({ name: "profiles" });
}

export function showLadders() {
  show({ name: "ladders" });
}

export function showCalibration() {
  show({ name: "calibration" });
}

/**
 * @param {string} id  of the drill whose plan is rehearsed
 * @param {number} [fromS]  second of its run from which it goes on
 */
export function showRehearsal(id, fromS) {
  show({ name: "rehearsal", id, fromS });
}

/**
 * @param {import("../../types/page.js").RegisterPage} page
 * @param {string} [id]
 */
export function showRegister(page, id) {
  enter({ name: "register", page, ...(id === undefined ? {} : { id }) });
}

/** @param {string} incidentId */
export function showRollCall(incidentId) {
  showRegister("roll_call", incidentId);
  // A building has more doors than fit half a phone.
  model.set({ sheet: "full" });
}

/** @param {string} [template]  of a new one, which needs a place */
export function showDrills(template) {
  show({ name: "drills", template });
}

/**
 * @param {string} id
 * @param {number} [inject]  which one of its plan is looked at
 */
export function showDrill(id, inject) {
  enter({ name: "drill", id, inject });
}

/** @param {string} id  of a drill that runs, or is to be started */
export function showDrillRun(id) {
  enter({ name: "drill_run", id });
  // There is more to be watched than fits half a phone.
  model.set({ sheet: "full" });
}

/** @param {string} id  of a drill in which something is seen */
export function showObserve(id) {
  enter({ name: "drill_observe", id });
}

/**
 * @param {string} id  of a drill
 * @param {number} inject  that closed the lane
 */
export function showDrillLane(id, inject) {
  show({ name: "drill_lane", id, inject });
}

/** @param {{ drill?: string, filter: import("../../types/findings.js").FindingFilter }} which */
export function showFindings({ drill, filter }) {
  show({ name: "findings", drill, filter });
}

/**
 * @param {string | null} id  none of a new one
 * @param {import("../../types/findings.js").FindingSource} [from]
 */
export function showFinding(id, from) {
  show({ name: "finding", id, from });
}

const HALF_A_YEAR_DAYS = 182;

/** @param {{ year?: number, everyDays?: number }} [which] */
export function showProgramme({ year, everyDays = HALF_A_YEAR_DAYS } = {}) {
  show({ name: "programme", year, everyDays });
}

/** @param {number} stage  of who should arrive when: its ways are drawn */
export function showStage(stage) {
  const { view } = model.value;
  if (view.name === "drill") model.set({ view: { ...view, stage } });
}

/** @param {import("../../types/page.js").FindingView} finding  for which a closure is drawn and set */
export function drawFindingClosure(finding) {
  model.set({ draft: { ...EMPTY_DRAFT, hours: null } });
  show({ name: "closure_draft", finding });
}

/**
 * Draw the lane that an inject of the plan closes.
 * @param {{ drill: string, number: number }} inject
 * @param {Partial<import("../../types/page.js").ClosureDraft>} draft  what is drawn already
 */
export function drawInjectClosure(inject, draft) {
  model.set({ draft: { ...EMPTY_DRAFT, ...draft } });
  show({ name: "closure_draft", inject });
}

/** @param {string | null} entrance */
export function chooseEntrance(entrance) {
  const { view } = model.value;
  if (view.name === "place") model.set({ view: { ...view, place: { ...view.place, entrance } } });
}

/** The device's own position, for "here". */
export function showHere() {
  if (!("geolocation" in navigator)) return toast(t("place.no_position"), "problem");
  const from = model.value.view;
  const note = toast(t("place.locating"));
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      dismiss(note);
      // A person who has moved on meanwhile is not fetched back.
      if (model.value.view !== from) return;
      showPlace({
        lon: coords.longitude,
        lat: coords.latitude,
        label: "",
        building: null,
        entrance: null,
        accuracyM: coords.accuracy,
      });
    },
    () => {
      dismiss(note);
      if (model.value.view === from) toast(t("place.no_position"), "problem");
    },
    { enableHighAccuracy: true, timeout: 8000, maximumAge: 10_000 },
  );
}

/** @param {string | null} unitId */
export function focusUnit(unitId) {
  const { focusedUnitId } = model.value;
  model.set({ focusedUnitId: focusedUnitId === unitId ? null : unitId });
}

/** @param {boolean} drill */
export function setDrill(drill) {
  model.set({ drill });
  showOverview();
}
