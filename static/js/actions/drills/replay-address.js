// Where the replay of a drill is, and the report on it.

import { download, query } from "../../lib/api.js";
import { model } from "../../state/model.js";

/**
 * @param {string} id
 * @param {"replay.html" | "report.html" | "report.pdf" | "evaluation-sheet.html" | "evaluation-sheet.pdf"} file
 * @param {{ language: string, names: boolean, download?: boolean }} how  `names`: people are named in it, which is audited
 */
export const resultAddress = (id, file, { language, names, download = false }) =>
  `/api/circles/${model.value.circleId}/drills/${id}/${file}${query({ language, names: names ? "true" : null, download: download ? "true" : null })}`;

/** Printing takes a while, and one report waits for another. */
const TIMEOUT_MS = 180_000;

/**
 * Save a file of a drill. What the server answers instead is thrown, to be said in words.
 * @param {string} address  as `resultAddress` gives it
 */
export async function saveResult(address) {
  const { content, name } = await download(address.replace(/^\/api/, ""), TIMEOUT_MS);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
