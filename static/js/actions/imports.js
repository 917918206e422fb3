// Taking features from a file into the circle, and answering what the file leaves open.

import { ApiError, query, request } from "../api.js";

/**
 * @typedef {import("../types.js").ImportAnswers} ImportAnswers
 * @typedef {import("../types.js").ImportQuestion} ImportQuestion
 * @typedef {import("../types.js").ImportResult} ImportResult
 */

const PATIENCE_MS = 300_000;
const QUESTIONS = ["unknown_crs", "axis_order_needed", "layer_needed"];

/** What a file can hold. */
export const NOUNS = /** @type {const} */ (["buildings", "facilities", "units", "hazards"]);

/**
 * @param {string} circleId
 * @param {string} noun
 * @param {File} file
 * @param {ImportAnswers} answers
 * @returns {Promise<ImportResult>}
 */
export function importFile(circleId, noun, file, { crs, axis_order, layer, far, source }) {
  const body = new FormData();
  body.append("file", file, file.name);
  const asked = query({ crs, axis_order, layer, far: far ? "true" : null, source: source || null });
  return request("POST", `/circles/${circleId}/${noun}/import${asked}`, { body, patienceMs: PATIENCE_MS });
}

/**
 * What was imported, the latest first.
 * @param {string} circleId
 * @returns {Promise<import("../types.js").ImportRecord[]>}
 */
export async function listImports(circleId) {
  return (await request("GET", `/circles/${circleId}/imports`)).imports;
}

/**
 * Remove what an import brought.
 * @param {string} circleId
 * @param {string} id
 * @param {{ edited?: boolean }} [options]
 * @returns {Promise<import("../types.js").Removal>}
 */
export function removeImport(circleId, id, { edited = false } = {}) {
  const asked = query({ edited: edited ? "true" : null });
  return request("DELETE", `/circles/${circleId}/imports/${id}${asked}`, { patienceMs: PATIENCE_MS });
}

/**
 * The question that a refusal is, if it is one that can be answered.
 *
 * @param {unknown} error
 * @returns {ImportQuestion | null}
 */
export function questionOf(error) {
  if (!(error instanceof ApiError) || !QUESTIONS.includes(error.code)) return null;
  const { candidates = [], layers = [] } = /** @type {any} */ (error.problem);
  return { code: /** @type {ImportQuestion["code"]} */ (error.code), candidates, layers };
}
