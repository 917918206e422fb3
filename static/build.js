// Builds what browsers are served, from the sources beside it: node build.js, or node build.js --check.
//
// dist/ holds one version of the page, whole: index.html, the service worker with the list of its files, and assets/,
// whose names hold a hash of what is in them. It is made beside and put in place in one step, and only when a source
// has changed.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { constants, brotliCompressSync, gzipSync } from "node:zlib";
import { replayFiles } from "./build-replay.js";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "dist");
const MADE_OF = join(DIST, ".sources");
/** Served under their own names: the browser, or a page from before, knows them by these. */
const NAMED = ["manifest.webmanifest", "icon.svg", "icons"];
/** Served under their own names too, and kept by no device: pages that the server writes ask for them. */
const OF_SERVER_PAGES = ["report-form.js"];
const SOURCES = ["build.js", "build-replay.js", "package-lock.json", "index.html", "sw.js", ...NAMED, ...OF_SERVER_PAGES, "css", "js", "locales"];
/** What browsers of the last four years run; older ones get the numbers to dial, which need no script. */
const TARGET = ["chrome108", "firefox115", "safari16"];
const COMPRESSED = new Set([".js", ".css", ".json", ".html", ".svg", ".webmanifest"]);
/** For other programs, or when there is a network anyway. */
const NOT_KEPT = /\.(map|png|txt)$/;
/** Few people need these: planning drills at a desk, taking part in one, and the registers of daily life. They are asked for then, and kept from then on. */
const ON_DEMAND = ["js/ui/drills/studio.js", "js/ui/drills/run/participant.js", "js/ui/registers/registers.js", "/css/drills/plan.css", "/css/drills/run.css", "/css/registers/registers.css"];
const SMALLEST_COMPRESSED = 1000;

const read = (/** @type {string} */ path) => readFileSync(join(HERE, path));

/**
 * @param {string[]} paths  of files, and of folders for all files in them
 * @returns {string[]} paths of files, in one order
 */
function found(paths) {
  const inside = (/** @type {string} */ folder) =>
    readdirSync(join(HERE, folder), { withFileTypes: true }).flatMap((each) => {
      const path = posix.join(folder, each.name);
      return each.isDirectory() ? inside(path) : [path];
    });
  return paths.flatMap((path) => (extname(path) ? [path] : inside(path))).sort();
}

/** @returns {string} another one when any source has changed, been added or taken away */
function fingerprint() {
  const hash = createHash("sha256");
  for (const path of found(SOURCES)) hash.update(`${path}\0`).update(createHash("sha256").update(read(path)).digest());
  return hash.digest("hex");
}

const isCurrent = () => existsSync(MADE_OF) && readFileSync(MADE_OF, "utf8") === fingerprint();

/** Names files after what is in them, writes them, and remembers what became of each address in index.html. */
class Output {
  /** @type {Map<string, Buffer>} */
  files = new Map();
  /** @type {Map<string, string>} address in the sources to address as it is served */
  addresses = new Map();

  /**
   * @param {string} address
   * @param {Buffer} content
   */
  hashed(address, content) {
    const hash = createHash("sha256").update(content).digest("base64url").replace(/[-_]/g, "").slice(0, 8);
    const extension = extname(address);
    const served = `assets/${basename(address, extension)}-${hash}${extension}`;
    this.files.set(served, content);
    this.addresses.set(address, `/${served}`);
  }

  /** @param {string} folder */
  write(folder) {
    for (const [path, content] of this.files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
      if (!COMPRESSED.has(extname(path)) || content.length < SMALLEST_COMPRESSED) continue;
      writeFileSync(join(folder, `${path}.gz`), gzipSync(content, { level: 9 }));
      const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      writeFileSync(join(folder, `${path}.br`), brotliCompressSync(content, { params }));
    }
  }
}

/**
 * MapLibre is bundled from its own sources, which its package holds: as published, its worker repeats what its page part has
 * as well, a quarter of all bytes that a first visit takes.
 */
const FROM_SOURCES = Object.freeze({
  "maplibre-gl": "node_modules/maplibre-gl/src/index.ts",
  "/node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs": "node_modules/maplibre-gl/src/source/worker.ts",
});

/** Without the list of what MapLibre's developers need, and without pictures for buttons that our map does not have. */
const lessOfMapLibre = {
  name: "less-of-maplibre",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /maplibre-gl[\\/]package\.json$/ }, ({ path }) => ({
      contents: JSON.stringify({ version: JSON.parse(readFileSync(path, "utf8")).version }),
      loader: "json",
    }));
    build.onLoad({ filter: /maplibre-gl\.css$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/background-image:\s*url\((["']?)data:.*?\1\)/g, ""),
      loader: "css",
    }));
  },
};

/** They find the parts before them loaded: without knowing so esbuild would cut these into pieces that are shared. */
const drillsAfterTheRest = {
  name: "drills-after-the-rest",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onLoad({ filter: /ui[\\/]drills[\\/](studio|run[\\/]participant)\.js$/ }, ({ path }) => ({
      contents: `import "${posix.relative(dirname(path), join(HERE, "js/main.js"))}"; ${readFileSync(path, "utf8")}`,
      loader: "js",
    }));
  },
};

/**
 * Bundle scripts and styles. Names hold hashes already.
 * @param {Record<string, string>} entries  source by the address that index.html has for it
 * @param {Output} output
 * @returns {Promise<import("esbuild").Metafile>}
 */
async function bundle(entries, output) {
  const { build } = await import("esbuild");
  const { metafile, outputFiles } = await build({
    absWorkingDir: HERE,
    entryPoints: Object.keys(entries).map((address) => entries[address]),
    outdir: "dist",
    outbase: ".",
    entryNames: "assets/[name]-[hash]",
    chunkNames: "assets/part-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    sourcemap: true,
    target: TARGET,
    legalComments: "eof",
    alias: { "maplibre-gl": `./${FROM_SOURCES["maplibre-gl"]}`, "@maplibre/mlt": "./js/map/no-mlt-tiles.js" },
    plugins: [lessOfMapLibre, drillsAfterTheRest],
    // As its own build has it.
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  for (const { path, contents } of outputFiles) output.files.set(path.slice(DIST.length + 1), Buffer.from(contents));
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    const address = Object.keys(entries).find((each) => entries[each] === entryPoint);
    if (!address) continue;
    // An entry that a part imports as well is but a line that leads to what holds it.
    const holds = Object.keys(metafile.outputs).find((each) => String(entryPoint) in metafile.outputs[each].inputs) ?? path;
    if (holds !== path) output.files.delete(posix.relative("dist", path));
    output.addresses.set(address, `/${posix.relative("dist", holds)}`);
  }
  return metafile;
}

/**
 * Everything that a script imports before it runs.
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @param {string} address  as it is served
 * @returns {string[]} addresses, each once
 */
function importedBy(outputs, address, known = new Set()) {
  for (const { path, kind } of outputs[`dist${address}`].imports) {
    const served = `/${posix.relative("dist", path)}`;
    if (kind !== "import-statement" || known.has(served)) continue;
    known.add(served);
    importedBy(outputs, served, known);
  }
  return [...known];
}

/**
 * All scripts of the page but those that are loaded on demand, and what only these import.
 * @param {import("esbuild").Metafile["outputs"]} outputs
 * @param {string[]} starts  addresses as they are served
 * @returns {Set<string>} paths in dist/
 */
function keptScripts(outputs, starts) {
  const known = new Set(starts.map((address) => address.slice(1)));
  for (const path of known) {
    for (const each of outputs[`dist/${path}`]?.imports ?? []) {
      if (!ON_DEMAND.includes(String(outputs[each.path]?.entryPoint))) known.add(posix.relative("dist", each.path));
    }
  }
  return known;
}

/**
 * One style sheet in place of many, in their order, and every file under its new name.
 * @param {string} page
 * @param {{ addresses: Map<string, string>, styles: string[], preload: string[] }} built
 */
function rewritten(page, { addresses, styles, preload }) {
  const [first, ...others] = styles.map((address) => `<link rel="stylesheet" href="${address}" />`);
  const ahead = preload.map((address) => `\n    <link rel="modulepreload" href="${address}" />`).join("");
  let text = page.replace(/\s*<script type="importmap">.*?<\/script>/s, "").replace(String(first), `<link rel="stylesheet" href="/css/page.css" />${ahead}`);
  for (const each of others) text = text.replace(new RegExp(`\\s*${each}`), "");
  return text.replace(/(href|src|content)="(\/[^"#?]+)"/g, (whole, name, address) => (addresses.has(address) ? `${name}="${addresses.get(address)}"` : whole));
}

const attributes = (/** @type {string} */ page, /** @type {RegExp} */ pattern) => [...page.matchAll(pattern)].map(([, address]) => String(address));

async function make() {
  const output = new Output();
  const page = read("index.html").toString();
  const styles = attributes(page, /<link rel="stylesheet" href="([^"]+)"/g);
  const scripts = attributes(page, /<script[^>]* src="([^"]+)"/g);
  // What scripts ask for by the name that index.html has for it.
  const asked = attributes(page, /<meta name="[^"]+" content="(\/[^"]+)"/g);
  const bundled = [...scripts, ...asked.filter((address) => /\.(m?js|css)$/.test(address))];

  const sourceOf = (/** @type {string} */ address) => /** @type {Record<string, string>} */ (FROM_SOURCES)[address] ?? address.slice(1);
  const { inputs, outputs } = await bundle(Object.fromEntries(bundled.map((address) => [address, sourceOf(address)])), output);
  await bundleStyles(styles, output);
  for (const address of asked) if (!output.addresses.has(address)) output.hashed(address, Buffer.from(JSON.stringify(JSON.parse(read(address.slice(1)).toString()))));
  output.files.set("licences.txt", Buffer.from(licences(Object.keys(inputs))));
  for (const path of found(NAMED)) output.files.set(path, read(path));
  const preload = scripts.flatMap((address) => importedBy(outputs, String(output.addresses.get(address))));
  output.files.set("index.html", Buffer.from(rewritten(page, { addresses: output.addresses, styles, preload })));
  const words = asked.filter((address) => address.endsWith(".json")).map((address) => String(output.addresses.get(address)));
  const kept = keptScripts(outputs, bundled.map((address) => String(output.addresses.get(address))));
  const onDemand = new Set(ON_DEMAND.map((address) => output.addresses.get(address)?.slice(1)));
  const shellFiles = [...output.files].filter(([path]) => !NOT_KEPT.test(path) && !onDemand.has(path) && (kept.has(path) || !/^assets\/.*\.js$/.test(path)));
  for (const path of OF_SERVER_PAGES) output.files.set(path, read(path));
  for (const [path, content] of await replayFiles(HERE, TARGET)) output.files.set(path, content);
  output.files.set("sw.js", Buffer.concat([shell(shellFiles, words), read("sw.js")]));
  return output;
}

/**
 * @param {string[]} styles
 * @param {Output} output
 */
async function bundleStyles(styles, output) {
  const { build } = await import("esbuild");
  const contents = styles.map((address) => `@import ".${address}";`).join("\n");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: HERE, loader: "css" },
    bundle: true,
    minify: true,
    target: TARGET,
    write: false,
    logLevel: "warning",
  });
  output.hashed("/css/page.css", Buffer.from(outputFiles[0].contents));
}

/**
 * The licences of others' code in what is served, which ask to be passed on with it.
 * @param {string[]} inputs
 */
function licences(inputs) {
  const folders = inputs.map((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))]
    .sort()
    .flatMap((folder) => readdirSync(join(HERE, folder)).filter((name) => /^licen[cs]e/i.test(name)).map((name) => `${folder}/${name}`))
    .map((path) => `== ${path.slice("node_modules/".length)}\n\n${read(path)}\n`)
    .join("\n");
}

/**
 * The first line of the service worker: another version of any file is another worker.
 * @param {[string, Buffer][]} files  that every device keeps
 * @param {string[]} words  addresses of the words of each language
 */
function shell(files, words) {
  // In the order in which they are kept: the map, which is largest, comes last.
  const hashes = files.sort(([, a], [, b]) => a.length - b.length).map(([path, content]) => [
    path === "index.html" ? "/" : `/${path}`,
    `sha256-${createHash("sha256").update(content).digest("base64")}`,
  ]);
  const version = createHash("sha256").update(JSON.stringify(hashes)).digest("hex").slice(0, 16);
  return Buffer.from(`const SHELL = ${JSON.stringify({ version, files: Object.fromEntries(hashes), words })};\n`);
}

if (isCurrent()) process.exit(0);
if (process.argv.includes("--check")) process.exit(1);
const sources = fingerprint();
const partial = `${DIST}.${process.pid}`;
const output = await make();
output.write(partial);
writeFileSync(join(partial, ".sources"), sources);
rmSync(`${DIST}.old`, { recursive: true, force: true });
if (existsSync(DIST)) renameSync(DIST, `${DIST}.old`);
renameSync(partial, DIST);
rmSync(`${DIST}.old`, { recursive: true, force: true });
