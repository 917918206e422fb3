// A file that the server makes, saved as the browser saves files.

import { download } from "./api.js";

/** Printing takes a while, and one file waits for another. */
const TIMEOUT_MS = 180_000;

/**
 * What the server answers instead is thrown, to be said in words.
 * @param {string} address  with /api
 */
export async function saveFile(address) {
  const { content, name } = await download(address.replace(/^\/api/, ""), TIMEOUT_MS);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
