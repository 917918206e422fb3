// The injects of a plan as an Excel sheet: checked first, then imported whole or not at all.

import { ApiError, query, request } from "../../lib/api.js";
import { model } from "../../state/model.js";
import { showSaved } from "./edit-plan.js";

/** Reading a file of many rows takes a while. */
const TIMEOUT_MS = 60_000;

/**
 * @typedef {import("../../types/drills.js").SheetPreview} SheetPreview
 * @typedef {import("../../types/drills.js").SheetMessage} SheetMessage
 */

/**
 * @param {string} id
 * @param {"injects.xlsx" | "calendar.ics"} name
 * @param {string} language
 */
export const fileAddress = (id, name, language) => `/api/circles/${model.value.circleId}/drills/${id}/${name}${query({ language })}`;

/**
 * @param {string} path
 * @param {File} file
 */
function send(path, file) {
  const body = new FormData();
  body.append("file", file, file.name);
  return request("POST", path, { body, timeoutMs: TIMEOUT_MS });
}

/**
 * @param {string} id
 * @param {File} file
 * @returns {Promise<SheetPreview>} what would come of it; nothing is written
 */
export const previewSheet = (id, file) => send(`/circles/${model.value.circleId}/drills/${id}/injects/import/preview`, file);

/**
 * @param {string} id
 * @param {File} file
 * @param {string} version  of the plan that it was compared with
 */
export async function importSheet(id, file, version) {
  const { drill } = await send(`/circles/${model.value.circleId}/drills/${id}/injects/import${query({ expected_version: version })}`, file);
  showSaved(drill);
}

/**
 * @param {unknown} error
 * @returns {SheetMessage[]} what is wrong with a sheet that was refused
 */
export const messagesOf = (error) => (error instanceof ApiError && error.code === "sheet_refused" ? /** @type {any} */ (error.problem["messages"] ?? []) : []);
