// Raising an alert. The same key is sent until the server answers, so trying again never calls twice.

import { ApiError, isPassing, request } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { model, showAnswer } from "../../state/model.js";
import { showIncident } from "../map/navigation.js";

/** @typedef {import("../../types/page.js").PlaceChoice} PlaceChoice */

const TRIES = 4;
const BETWEEN_MS = 1500;

/**
 * @param {PlaceChoice} place
 * @param {{ kind: string, severity: string | null, note: string, notSameAs?: readonly string[] }} what  `severity`: null for that of the
 *   kind; `notSameAs`: incidents nearby that it is not the same as
 */
export async function raiseAlert(place, { kind, severity, note, notSameAs = [] }) {
  const { circleId, drill, raise, live: sentAt } = model.value;
  if (raise.status === "sending") return;
  model.set({ raise: { status: "sending", kind, error: null, candidates: [] } });
  const where = place.building
    ? { building_id: place.building.id, entrance: place.entrance }
    : { lon: place.lon, lat: place.lat, label: place.label };
  const body = { kind, severity, exercise: drill, note, ...where, not_same_as: notSameAs };
  try {
    const detail = await persistently(`/circles/${circleId}/incidents`, body);
    showAnswer({ kind: "alert_raised", detail }, sentAt);
    model.set({ raise: { status: "idle", kind: null, error: null, candidates: [] } });
    showIncident(detail.incident.id);
  } catch (error) {
    const candidates = similar(error);
    if (candidates) model.set({ raise: { status: "asking", kind, error: null, candidates } });
    else model.set({ raise: { status: "failed", kind, error: codeOf(error), candidates: [] } });
  }
}

/**
 * @param {unknown} error
 * @returns {import("../../types/page.js").SimilarIncident[] | null} what it may be the same as, when the server asks that
 */
function similar(error) {
  if (!(error instanceof ApiError) || error.code !== "similar_incident") return null;
  return /** @type {import("../../types/page.js").SimilarIncident[]} */ (error.problem.candidates ?? []);
}

/**
 * @param {string} path
 * @param {object} body
 * @returns {Promise<import("../../types/messages.js").IncidentDetail>}
 */
async function persistently(path, body) {
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request("POST", path, { body, headers, timeoutMs: 8000 });
    } catch (error) {
      if (!isPassing(error) || attempt >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }
}
