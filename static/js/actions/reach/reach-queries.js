// Who is there in time, which roads matter most, what a closure costs, the figures behind the times: asked for while
// looked at, and again when what they rest on has changed.

import { ApiError, get, query, request } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { layerOf } from "../../state/layers.js";
import { model } from "../../state/model.js";
import { rankingKey, reachKey } from "../../state/reach.js";
import { keepLoaded } from "../../state/resources.js";
import { incidentById } from "../../state/selectors.js";
import { draftBody } from "../map/closure.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/messages.js").CircleSnapshot} CircleSnapshot
 * @typedef {import("../../state/resources.js").Wanted} Wanted
 */

const ASK_AGAIN_MS = 700;
const SETTLED_MS = 400;
const NEAREST_KEPT_MS = 300_000;
/** The server answers when it has found out: on a large map that takes a while. */
const TIMEOUT_MS = 60_000;

/** Keep what the panel shows about reach in line with what is looked at, and with the roads as they are now. */
export function startAskingForReach() {
  keepLoaded("reach", ["phase", "circleId", "live", "view"], whenOpen(reachOf));
  keepLoaded("nearest", ["phase", "circleId", "live", "view", "loaded", "rest"], whenOpen(nearestOf), { keepsOld: true });
  keepLoaded("cost", ["phase", "circleId", "live", "view", "draft"], whenOpen(costOf));
  keepLoaded("criticality", ["phase", "circleId", "live", "view"], whenOpen(criticalityOf), { keepsOld: true });
  keepLoaded("profiles", ["phase", "circleId", "live", "view", "profileEdits"], whenOpen(profilesOf));
}

/**
 * @param {(model: Model, snapshot: CircleSnapshot) => Wanted | null} wanted
 * @returns {(model: Model) => Wanted | null}
 */
const whenOpen = (wanted) => (value) => (value.phase === "open" && value.live.snapshot ? wanted(value, value.live.snapshot) : null);

/** @param {number} roadId */
export function chooseRoad(roadId) {
  const { chosenRoadId } = model.value;
  model.set({ chosenRoadId: chosenRoadId === roadId ? null : roadId });
}

/** @param {boolean} peoplePass */
export function choosePeoplePass(peoplePass) {
  const { view } = model.value;
  if (view.name === "criticality") model.set({ view: { ...view, peoplePass }, chosenRoadId: null });
}

/**
 * @param {Model} value
 * @param {CircleSnapshot} snapshot
 */
function reachOf({ circleId, view }, snapshot) {
  if (view.name !== "place") return null;
  const { building, lon, lat } = view.place;
  const path = `/circles/${circleId}/reach${query(building ? { building_id: building.id } : { lon, lat })}`;
  return { subject: path, version: reachKey(snapshot, now()), ask: () => get(path) };
}

/**
 * What can be used changes by the clock as well: opening hours.
 * @param {Model} value
 * @param {CircleSnapshot} snapshot
 */
function nearestOf({ circleId, live, view, loaded, rest }, snapshot) {
  const place = view.name === "incident" && rest ? incidentById(live, view.id)?.incident.place : null;
  if (!place) return null;
  const { building_id, entrance, lon, lat } = place;
  const path = `/circles/${circleId}/nearest${query(building_id ? { building_id, entrance: entrance ?? undefined } : { lon, lat })}`;
  return { subject: path, version: `${reachKey(snapshot, now())} ${loaded.facilities.key} ${Math.floor(now() / NEAREST_KEPT_MS)}`, ask: () => get(path) };
}

/**
 * @param {Model} value
 * @param {CircleSnapshot} snapshot
 */
function costOf({ circleId, draft, view }, snapshot) {
  const version = reachKey(snapshot, now());
  const circle = `/circles/${circleId}`;
  if (view.name === "closure_draft") {
    if (draft.points.length < 2 || draft.sending || view.inject !== undefined) return null;
    const body = draftBody({ ...draft, hours: null, name: "" });
    const ask = async (/** @type {import("../../state/resources.js").Asking} */ { isWanted }) => {
      // While a line is drawn not every tap is asked about.
      await pause(SETTLED_MS);
      if (isWanted()) return request("POST", `${circle}/closures/preview`, { body, timeoutMs: TIMEOUT_MS });
    };
    return { subject: `${circle} draft`, version: JSON.stringify([body, version]), ask };
  }
  const layer = layerOf(view.name);
  if (!layer?.costs || !("id" in view)) return null;
  const path = `${circle}/${layer.name}/${view.id}/cost`;
  return { subject: path, version, ask: () => request("GET", path, { timeoutMs: TIMEOUT_MS }) };
}

/**
 * @param {Model} value
 * @param {CircleSnapshot} snapshot
 */
function criticalityOf({ circleId, view }, snapshot) {
  if (view.name !== "criticality") return null;
  const path = `/circles/${circleId}/criticality${query({ building_id: view.building?.id, pedestrians_pass: String(view.peoplePass) })}`;
  return {
    subject: path,
    version: rankingKey(snapshot, now()),
    ask: async (/** @type {import("../../state/resources.js").Asking} */ { isWanted, show }) => {
      let status = await request("POST", path);
      while (status.state === "running" || (status.state === "done" && !status.up_to_date)) {
        if (!isWanted()) return undefined;
        show(status);
        await pause(ASK_AGAIN_MS);
        // What it rests on may change while it runs: then it is begun again.
        status = status.state === "running" ? await get(path) : await request("POST", path);
      }
      if (status.state === "failed") throw new ApiError(status.code, 200);
      return status;
    },
  };
}

/**
 * @param {Model} value
 * @param {CircleSnapshot} snapshot
 */
function profilesOf({ circleId, profileEdits, view }, snapshot) {
  if (view.name !== "profiles") return null;
  const path = `/circles/${circleId}/profiles`;
  // What is typed is saved against what was seen.
  return { subject: path, version: profileEdits.open ? null : String(snapshot.reach_version), ask: () => get(path) };
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
