// Where the replay of a drill is, and the report on it.

import { query } from "../../lib/api.js";
import { model } from "../../state/model.js";

/**
 * @param {string} id
 * @param {"replay.html" | "report.html" | "report.pdf" | "evaluation-sheet.html" | "evaluation-sheet.pdf"} file
 * @param {{ language: string, names: boolean, download?: boolean }} how  `names`: people are named in it, which is audited
 */
export const resultAddress = (id, file, { language, names, download = false }) =>
  `/api/circles/${model.value.circleId}/drills/${id}/${file}${query({ language, names: names ? "true" : null, download: download ? "true" : null })}`;
