// Taking features from a file into the circle, and answering what the file leaves open.

import { ApiError, query, request } from "../../lib/api.js";
import { LAYERS } from "../../state/layers.js";

/**
 * @typedef {import("../../types/page.js").ImportAnswers} ImportAnswers
 * @typedef {import("../../types/page.js").ImportQuestion} ImportQuestion
 * @typedef {import("../../types/page.js").ImportResult} ImportResult
 */

const TIMEOUT_MS = 300_000;
const QUESTIONS = ["unknown_crs", "axis_order_needed", "layer_needed"];

/** @type {import("../../types/page.js").ImportMapping} */
export const NO_MAPPING = Object.freeze({ fixed: {}, columns: {}, values: {}, identity: null });

/** What a file can hold; what most begin with comes first. */
export const NOUNS = LAYERS.filter(({ imported }) => imported)
  .map(({ name }) => name)
  .sort((a, b) => Number(b === "buildings") - Number(a === "buildings"));

/**
 * @param {string} circleId
 * @param {string} noun
 * @param {File} file
 * @param {ImportAnswers} answers
 * @returns {Promise<ImportResult>}
 */
export function importFile(circleId, noun, file, answers) {
  return send(`/circles/${circleId}/${noun}/import`, file, answers);
}

/**
 * What would come of a file, and how it is read.
 * @param {string} circleId
 * @param {string} noun
 * @param {File} file
 * @param {ImportAnswers} answers
 * @returns {Promise<import("../../types/page.js").ImportPreview>}
 */
export async function previewFile(circleId, noun, file, answers) {
  const path = `/circles/${circleId}/${noun}/import/preview`;
  try {
    return await send(path, file, answers);
  } catch (error) {
    const outdated = error instanceof ApiError && "missing_column" in error.problem && !answers.mapping;
    if (!outdated) throw error;
    // The source was read by columns that this file does not have: it is shown as it is.
    return send(path, file, { ...answers, mapping: NO_MAPPING });
  }
}

/**
 * @param {string} path
 * @param {File} file
 * @param {ImportAnswers} answers
 */
function send(path, file, { crs, axis_order, layer, far, source, mapping }) {
  const body = new FormData();
  body.append("file", file, file.name);
  if (mapping) body.append("mapping", JSON.stringify(mapping));
  const asked = query({ crs, axis_order, layer, far: far ? "true" : null, source: source || null });
  return request("POST", path + asked, { body, timeoutMs: TIMEOUT_MS });
}

/**
 * What was imported, the latest first.
 * @param {string} circleId
 * @returns {Promise<import("../../types/page.js").ImportRecord[]>}
 */
export async function listImports(circleId) {
  return (await request("GET", `/circles/${circleId}/imports`)).imports;
}

/**
 * Which roads the circle goes by, if any.
 * @param {string} circleId
 * @returns {Promise<import("../../types/page.js").RoadsOfCircle | null>}
 */
export async function findRoads(circleId) {
  return (await request("GET", `/circles/${circleId}`)).roads;
}

/**
 * Remove what an import brought.
 * @param {string} circleId
 * @param {string} id
 * @param {{ edited?: boolean }} [options]
 * @returns {Promise<import("../../types/page.js").Removal>}
 */
export function removeImport(circleId, id, { edited = false } = {}) {
  const asked = query({ edited: edited ? "true" : null });
  return request("DELETE", `/circles/${circleId}/imports/${id}${asked}`, { timeoutMs: TIMEOUT_MS });
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
