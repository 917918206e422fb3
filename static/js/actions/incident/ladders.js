// The circle's ladders and its neighbours: asked for while looked at, and changed.

import { ApiError, get, request } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { may } from "../../state/access.js";
import { model, toast } from "../../state/model.js";
import { keepLoaded, putLoaded } from "../../state/resources.js";

/**
 * @typedef {import("../../types/ladder.js").Ladders} Ladders
 * @typedef {import("../../types/ladder.js").ShownLadders} ShownLadders
 * @typedef {import("../../types/page.js").Model} Model
 */

/** Answers change by the minute while an incident is open. */
const CALL_LIST_AGAIN_S = 10;

/** Keep what is asked for about ladders in line with what is looked at. */
export function startAskingForLadders() {
  keepLoaded("ladders", ["phase", "circleId", "live", "view"], (value) => asked(value, "ladders"));
  keepLoaded("neighbours", ["phase", "circleId", "live", "view"], (value) => (may(value.live.viewer, "edit_ladders") ? asked(value, "neighbours") : null));
  keepLoaded("callList", ["phase", "circleId", "live", "view", "callListOf"], callListOf, { keepsOld: true });
}

/**
 * @param {Model} value
 * @param {"ladders" | "neighbours"} what
 */
function asked({ phase, circleId, view, live }, what) {
  if (phase !== "open" || view.name !== "ladders" || !live.snapshot) return null;
  const path = `/circles/${circleId}/${what}`;
  return { subject: path, version: null, ask: () => get(path) };
}

/** @param {Model} value */
function callListOf({ phase, circleId, view, live, callListOf: id }) {
  if (phase !== "open" || view.name !== "incident" || view.id !== id || !live.snapshot) return null;
  const path = `/circles/${circleId}/incidents/${id}/call-list`;
  const version = String(Math.floor(Date.now() / 1000 / CALL_LIST_AGAIN_S));
  return { subject: path, version, ask: () => get(path) };
}

/** @param {string} incidentId  whose call list is unfolded; the same again folds it */
export function toggleCallList(incidentId) {
  model.set({ callListOf: model.value.callListOf === incidentId ? null : incidentId });
}

/**
 * @param {Ladders | null} ladders  null for those that are shipped
 * @param {string} version  what was seen
 * @returns {Promise<{ code: string, field: string | null, by: string | null } | null>} why it was refused; null when it holds
 */
export async function saveLadders(ladders, version) {
  const { circleId } = model.value;
  const path = `/circles/${circleId}/ladders`;
  try {
    const value = await request("PUT", path, { body: { ladders, expected_version: version } });
    if (model.value.circleId === circleId) putLoaded("ladders", value);
    toast(t("ladders.saved"));
    return null;
  } catch (error) {
    const problem = error instanceof ApiError ? error.problem : {};
    if (codeOf(error) === "edit_conflict") await get(path).then((value) => putLoaded("ladders", value), () => undefined);
    return { code: codeOf(error), field: text(problem["field"]), by: text(problem["by"]) };
  }
}

/**
 * @param {string} neighbourId
 * @param {string[] | null} unitIds  own units that it may call; null ends the agreement
 * @returns {Promise<string | null>} the code of why it was refused
 */
export async function setNeighbour(neighbourId, unitIds) {
  const { circleId } = model.value;
  const path = `/circles/${circleId}/neighbours/${encodeURIComponent(neighbourId)}`;
  try {
    const value = unitIds ? await request("PUT", path, { body: { unit_ids: unitIds } }) : await request("DELETE", path);
    if (model.value.circleId === circleId) putLoaded("neighbours", value);
    return null;
  } catch (error) {
    return codeOf(error);
  }
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : null);
