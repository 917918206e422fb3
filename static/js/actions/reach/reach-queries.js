// Which roads matter most, what a closure costs, and the figures behind the times: asked for while looked at.

import { get, query, request } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { codeOf } from "../../lib/errors.js";
import { layerOf } from "../../state/layers.js";
import { model } from "../../state/model.js";
import { rankingKey, reachKey } from "../../state/study.js";
import { draftBody } from "../map/closure.js";
import { findReach } from "../map/navigation.js";

/** @typedef {import("../../types/page.js").Model} Model */

/** Closures begin and end by themselves. */
const LOOK_AGAIN_MS = 5000;
const ASK_AGAIN_MS = 700;
const SETTLED_MS = 400;
/** The server answers when it has found out: on a large map that takes a while. */
const PATIENCE_MS = 60_000;

/** Keep what the panel shows about reach in line with what is looked at, and with the roads as they are now. */
export function startStudying() {
  model.listen(follow);
  setInterval(() => follow(model.value), LOOK_AGAIN_MS);
}

/** @param {number} roadId */
export function chooseRoad(roadId) {
  const { chosenRoadId } = model.value.study;
  put({ chosenRoadId: chosenRoadId === roadId ? null : roadId });
}

/** @param {boolean} peoplePass */
export function choosePeoplePass(peoplePass) {
  const { view } = model.value;
  if (view.name === "criticality") model.set({ view: { ...view, peoplePass } });
}

/** @param {Model} value */
function follow(value) {
  const { view, live, phase, circleId } = value;
  if (phase !== "open" || !live.picture) return;
  const version = reachKey(live.picture, now());
  switch (view.name) {
    case "place":
      return void findReach(view.place, version);
    case "closure_draft":
      return previewDraft(value, version);
    case "criticality":
      return void loadCriticality(view, rankingKey(live.picture, now()));
    case "profiles":
      // What somebody types is saved against what they saw.
      if (value.profileEdits.open && value.study.profiles.key !== "") return;
      return void load("profiles", `${circleId} ${live.picture.reach_version}`, () => get(`/circles/${circleId}/profiles`), value.study.profiles.value);
    default: {
      const layer = layerOf(view.name);
      if (layer?.costs && "id" in view) void loadCost(`${view.name} ${view.id} ${version}`, () => costOf(`${layer.name}/${view.id}`));
    }
  }
}

/** @param {Partial<Model["study"]>} change */
function put(change) {
  model.set({ study: { ...model.value.study, ...change } });
}

/**
 * @param {"cost" | "profiles" | "criticality"} part
 * @param {string} key
 * @param {Partial<import("../../types/page.js").Loaded<any>>} change
 */
function settle(part, key, change) {
  if (model.value.study[part].key === key) put({ [part]: { ...model.value.study[part], ...change } });
}

/**
 * @param {"cost" | "profiles"} part
 * @param {string} key  what is shown; the same is not asked for twice
 * @param {() => Promise<any>} ask
 * @param {unknown} [meanwhile]  what is shown until the answer comes
 */
async function load(part, key, ask, meanwhile = null) {
  if (model.value.study[part].key === key) return;
  put({ [part]: { key, status: "loading", value: meanwhile, error: null } });
  try {
    settle(part, key, { status: "ready", value: await ask() });
  } catch (error) {
    settle(part, key, { status: "failed", value: null, error: codeOf(error) });
    askAgainIfBusy(part, key, error);
  }
}

/** @param {string} path */
const costOf = (path) => request("GET", `/circles/${model.value.circleId}/${path}/cost`, { patienceMs: PATIENCE_MS });

/**
 * @param {string} key
 * @param {() => Promise<any>} ask
 */
function loadCost(key, ask) {
  const { cost } = model.value.study;
  const subject = (/** @type {string} */ of) => of.split(" ").slice(0, 2).join(" ");
  return load("cost", key, ask, subject(cost.key) === subject(key) ? cost.value : null);
}

/**
 * @param {Model} value
 * @param {string} version
 */
function previewDraft({ draft, circleId }, version) {
  if (draft.points.length < 2 || draft.sending) return;
  const body = draftBody({ ...draft, hours: null, name: "" });
  void loadCost(`draft ${circleId} ${JSON.stringify(body)} ${version}`, async () => {
    const key = model.value.study.cost.key;
    // Whoever is still drawing is not asked about every tap.
    await pause(SETTLED_MS);
    if (model.value.study.cost.key !== key) return null;
    return request("POST", `/circles/${circleId}/closures/preview`, { body, patienceMs: PATIENCE_MS });
  });
}

/**
 * @param {Extract<import("../../types/page.js").View, { name: "criticality" }>} view
 * @param {string} version
 */
async function loadCriticality({ building, peoplePass }, version) {
  const { circleId, study } = model.value;
  const asked = { building_id: building?.id, pedestrians_pass: String(peoplePass) };
  const key = JSON.stringify([circleId, asked, version]);
  if (study.criticality.key === key) return;
  const same = study.criticality.key.startsWith(JSON.stringify([circleId, asked]).slice(0, -1));
  put({
    criticality: { key, status: "loading", value: same ? study.criticality.value : null, error: null },
    ...(same ? {} : { chosenRoadId: null }),
  });
  const path = `/circles/${circleId}/criticality${query(asked)}`;
  const wanted = () => model.value.study.criticality.key === key && model.value.view.name === "criticality";
  try {
    let status = await request("POST", path);
    while (wanted() && (status.state === "running" || (status.state === "done" && !status.up_to_date))) {
      settle("criticality", key, { value: status });
      await pause(ASK_AGAIN_MS);
      // What it rests on may change while it runs: then it has to be begun anew.
      status = status.state === "running" ? await get(path) : await request("POST", path);
    }
    if (!wanted() && status.state === "running") settle("criticality", key, { key: "" });
    else if (status.state === "failed") settle("criticality", key, { status: "failed", error: status.code });
    else settle("criticality", key, { status: "ready", value: status });
  } catch (error) {
    settle("criticality", key, { status: "failed", error: codeOf(error) });
    askAgainIfBusy("criticality", key, error);
  }
}

/**
 * Too many were asking: what nobody answers is asked once more when it is looked at again.
 * @param {"cost" | "profiles" | "criticality"} part
 * @param {string} key
 * @param {unknown} error
 */
function askAgainIfBusy(part, key, error) {
  if (codeOf(error) === "busy") setTimeout(() => settle(part, key, { key: "" }), LOOK_AGAIN_MS);
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
