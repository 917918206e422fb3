// The life of hazards: asked for while one is looked at, and its next step taken.

import { get, request } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { model } from "../../state/model.js";
import { keepLoaded, putLoaded, refresh } from "../../state/resources.js";
import { shrunk } from "../photos/shrink-photo.js";

/** @typedef {import("../../types/page.js").Model} Model */

const PHOTO_TIMEOUT_MS = 30_000;
const RESTS_ON = /** @type {(keyof Model)[]} */ (["phase", "circleId", "live", "view"]);

export function startAskingForHazards() {
  keepLoaded("hazardLife", RESTS_ON, lifeOf, { keepsOld: true });
  keepLoaded("hazardFollowUp", RESTS_ON, followUpOf, { keepsOld: true });
}

/** @param {Model} value */
function lifeOf({ phase, circleId, live, view }) {
  if (phase !== "open" || view.name !== "hazard") return null;
  const hazard = live.snapshot?.hazards.find(({ id }) => id === view.id);
  if (!hazard) return null;
  const path = `/circles/${circleId}/hazards/${view.id}/life`;
  return { subject: path, version: `${live.snapshot?.epoch} ${hazard.step_count} ${hazard.kind} ${hazard.grade}`, ask: () => get(path) };
}

/** @param {Model} value */
function followUpOf({ phase, circleId, live, view }) {
  const isShown = view.name === "hazard" || (view.name === "register" && (view.page === "hazards" || view.page === "home"));
  if (phase !== "open" || !live.snapshot || !isShown) return null;
  const path = `/circles/${circleId}/hazard-follow-up`;
  const steps = live.snapshot.hazards.reduce((sum, { step_count }) => sum + step_count, 0);
  return { subject: path, version: `${live.snapshot.epoch} ${live.snapshot.hazards.length} ${steps} ${new Date(now()).toDateString()}`, ask: () => get(path) };
}

/**
 * @param {string} hazardId
 * @param {string} stepId  the same when it is sent again
 * @param {import("../../types/hazards.js").NewHazardStep} step
 */
export async function takeStep(hazardId, stepId, { photo, ...step }) {
  const { circleId } = model.value;
  const path = `/circles/${circleId}/hazards/${hazardId}`;
  if (photo) await request("PUT", `${path}/photos/${stepId}`, { body: await shrunk(photo), timeoutMs: PHOTO_TIMEOUT_MS });
  const life = await request("PUT", `${path}/steps/${stepId}`, { body: { ...step, ...(photo ? { photo_id: stepId } : {}) } });
  const { view } = model.value;
  if (model.value.circleId === circleId && view.name === "hazard" && view.id === hazardId) putLoaded("hazardLife", life);
}

/** Another person was quicker, perhaps. */
export const askForLifeAgain = () => refresh("hazardLife");

/**
 * @param {string} hazardId
 * @param {number | null} clearWidthM  0: nothing is left free; null: the lane is free
 */
export const narrowLane = (hazardId, clearWidthM) => request("PUT", `/circles/${model.value.circleId}/hazards/${hazardId}/lane`, { body: { clear_width_m: clearWidthM } });
