// The figures behind the times: which there are, in what order, and what becomes of them when some are edited. Pure.

/**
 * @typedef {import("../types/reach.js").ShownProfiles} ShownProfiles
 * @typedef {import("../types/reach.js").ProfileTable} ProfileTable
 *
 * @typedef {object} Figure
 * @property {string} path  where it stands in the table, as the server names it
 * @property {string} name  of the field, the class of road, or who passes an obstacle
 * @property {"kph" | "metres" | "tonnes" | "seconds" | "factor"} unit
 * @property {number} value  as the circle goes by it
 * @property {number | null} defaultValue  the default; null for a figure that only this circle has
 * @property {{ min: number, max: number }} range
 * @property {import("../types/reach.js").Peak | null} peak  when it holds, if not always
 *
 * @typedef {object} Section  figures of one kind, from one source
 * @property {string} name
 * @property {string | undefined} source  key of the source
 * @property {Figure[]} figures
 *
 * @typedef {object} Group
 * @property {string} id
 * @property {Section[]} sections
 */

export const PROFILES = Object.freeze(["foot", "ebike", "car", "ambulance", "mini_engine", "fire_engine"]);
const ROADS = [
  ...["motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"],
  ...["tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "alley", "busway"],
  ...["pedestrian", "track", "cycleway", "path", "footway", "bridleway", "steps", "road", "default"],
];
const BARRIERS = [
  ...["gate", "lift_gate", "swing_gate", "locked", "bollard", "removable_bollard", "block", "chain"],
  ...["cycle_barrier", "narrow_passage", "toll_booth", "other"],
];
const SURFACES = ["rough", "loose", "earth", "soft", "very_horrible", "impassable"];
const PARKED = { parked: ["parallel"], parked_bays: ["diagonal", "perpendicular"], parked_left: ["left"] };
const WHO_PASSES = ["foot", "cycle", "motor", "emergency"];
const SIZES = /** @type {const} */ ([
  ["clear_width_m", "metres"],
  ["clear_height_m", "metres"],
  ["weight_t", "tonnes"],
  ["dismount_s", "seconds"],
  ["u_turn_s", "seconds"],
  ["against_factor", "factor"],
]);

/**
 * Every figure of the table, in the order in which it is read.
 * @param {ShownProfiles} shown
 * @returns {Group[]}
 */
export function groupsOf(shown) {
  const { roads, parked, barriers } = shown.table;
  return [
    ...PROFILES.filter((name) => shown.table.profiles[name]).map((name) => ofProfile(name, shown)),
    {
      id: "roads",
      sections: [
        { name: "roads", source: "road_width", figures: known(ROADS, roads).map((road) => figure(shown, ["roads", road, "width_m"], { name: road, unit: "metres", of: "roads" })) },
        ...Object.entries(PARKED).map(([name, rows]) => ({
          name,
          source: name,
          figures: known(rows, parked ?? {}).map((row) => figure(shown, ["parked", row, "width_m"], { name: row, unit: "metres", of: "parked" })),
        })),
      ].filter(({ figures }) => figures.length > 0),
    },
    {
      id: "barriers",
      sections: known(BARRIERS, barriers).map((barrier) => ({
        name: barrier,
        source: "barrier",
        figures: known(WHO_PASSES, barriers[barrier] ?? {}).map((who) => figure(shown, ["barriers", barrier, who], { name: who, unit: "seconds", of: "barriers" })),
      })),
    },
  ];
}

/**
 * @param {string} name
 * @param {ShownProfiles} shown
 * @returns {Group}
 */
function ofProfile(name, shown) {
  const row = /** @type {import("../types/reach.js").ProfileRow} */ (shown.table.profiles[name]);
  const at = ["profiles", name];
  const source = (/** @type {string} */ field) => row.sources?.[field];
  const sizes = SIZES.filter(([field]) => row[field] !== undefined).map(([field, unit]) => ({
    name: field,
    source: source(field),
    figures: [figure(shown, [...at, field], { name: field, unit, of: field })],
  }));
  const speeds = known(ROADS, row.speeds_kph).map((road) => figure(shown, [...at, "speeds_kph", road], { name: road, unit: "kph", of: "speeds_kph" }));
  const surfaces = known(SURFACES, row.surface_kph ?? {}).map((surface) => figure(shown, [...at, "surface_kph", surface], { name: surface, unit: "kph", of: "surface_kph" }));
  const peaks = (row.peaks ?? []).map((peak, i) => figure(shown, [...at, "peaks", String(i), "factor"], { name: "peaks", unit: "factor", of: "peaks", peak }));
  return {
    id: name,
    sections: [
      ...sizes,
      { name: "speeds_kph", source: source("speeds_kph"), figures: speeds },
      ...(surfaces.length > 0 ? [{ name: "surface_kph", source: source("surface_kph"), figures: surfaces }] : []),
      ...(peaks.length > 0 ? [{ name: "peaks", source: source("peaks"), figures: peaks }] : []),
    ],
  };
}

/**
 * @param {ShownProfiles} shown
 * @param {string[]} path
 * @param {{ name: string, unit: Figure["unit"], of: string, peak?: import("../types/reach.js").Peak }} what  `of` names the range
 * @returns {Figure}
 */
function figure({ table, defaults, ranges }, path, { name, unit, of, peak }) {
  const range = ranges[of] ?? { min: 0, max: Infinity };
  return { path: path.join("."), name, unit, value: at(table, path) ?? NaN, defaultValue: at(defaults, path), range, peak: peak ?? null };
}

/**
 * @param {readonly string[]} order
 * @param {Record<string, unknown>} there
 */
const known = (order, there) => order.filter((name) => name in there);

/**
 * @param {any} table
 * @param {readonly string[]} path
 * @returns {number | null}
 */
const at = (table, path) => path.reduce((value, key) => value?.[key], table) ?? null;

/**
 * Typed text as a number; NaN when it is none. Digits of a Chinese keyboard count, too.
 * @param {string} text
 */
export function parseNumber(text) {
  const plain = text.normalize("NFKC").trim().replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

/**
 * @param {Figure} figure
 * @param {Record<string, string>} edits  what was typed, by path
 * @returns {{ text: string | undefined, value: number, unsaved: boolean, wrong: boolean, own: boolean }}
 */
export function fieldState({ path, value, defaultValue, range }, edits) {
  const text = edits[path];
  const now = text === undefined ? value : parseNumber(text);
  // A comparison with NaN is false.
  const wrong = text !== undefined && !(now >= range.min && now <= range.max);
  return { text, value: now, unsaved: text !== undefined && now !== value, wrong, own: now !== defaultValue };
}

/**
 * @param {readonly Group[]} groups
 * @param {Record<string, string>} edits
 */
export function summarize(groups, edits) {
  const all = groups.flatMap((group) => group.sections.flatMap((section) => section.figures.map((each) => ({ group, section, figure: each, ...fieldState(each, edits) }))));
  return { unsaved: all.filter((each) => each.unsaved), wrong: all.find((each) => each.wrong) ?? null, own: all.filter((each) => each.own) };
}

/**
 * The table with what was typed; null when they are the defaults.
 * @param {ShownProfiles} shown
 * @param {Record<string, string>} edits
 * @returns {ProfileTable | null}
 */
export function edited({ table, defaults }, edits) {
  const made = structuredClone(table);
  for (const [path, text] of Object.entries(edits)) {
    const keys = path.split(".");
    const last = /** @type {string} */ (keys.pop());
    const row = /** @type {any} */ (keys.reduce((/** @type {any} */ value, key) => value?.[key], made));
    if (row && last in row) row[last] = parseNumber(text);
  }
  return alike(made, defaults) ? null : made;
}

/**
 * Whether two tables say the same, in whatever order.
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean}
 */
function alike(one, other) {
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object") return one === other;
  const [mine, theirs] = /** @type {Record<string, unknown>[]} */ ([one, other]);
  const keys = Object.keys(mine ?? {});
  return keys.length === Object.keys(theirs ?? {}).length && keys.every((key) => alike(mine?.[key], theirs?.[key]));
}
