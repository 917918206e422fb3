// Builds what the replay of a drill is made of: script and style that the server puts into one file.

import { Buffer } from "node:buffer";
import { basename } from "node:path";

/**
 * @param {string} root  where the sources are
 * @param {string[]} target  the browsers that shall run it
 * @returns {Promise<[string, Buffer][]>} paths below dist/, which browsers are not served, with what is in them
 */
export async function replayFiles(root, target) {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["js/replay/replay.js", "css/replay/replay.css"],
    outdir: "dist/replay",
    entryNames: "[name]",
    bundle: true,
    format: "iife",
    minify: true,
    target,
    write: false,
    logLevel: "warning",
  });
  return outputFiles.map(({ path, contents }) => [`replay/${basename(path)}`, Buffer.from(contents)]);
}
