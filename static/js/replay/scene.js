// Draws one moment of a drill as SVG over its ground, and moves the window over both.

import { boxAround, fitted, held, panned, spread, toWindow, zoomed } from "./camera.js";
import { Plane, element, groundOf, pin } from "./ground.js";

const STREET_M = 5;
/** Names: how high, and how far from the middle of their thing. */
const NAMES = { line: 15, beside: 13 };
const SCALE_PX = 140;
/** Pixels a metre from which houses have their names. */
const NAMED_FROM = 2.5;

/**
 * @typedef {import("./player.js").CircleSnapshot} CircleSnapshot
 * @typedef {import("./camera.js").Point} Point
 * @typedef {{ id: string, name: string, name_en: string, post: readonly number[] }} Unit
 */

export class Scene {
  /**
   * @param {HTMLElement} holder  in which it is drawn, as large as it is
   * @param {import("./ground.js").Ground} ground
   * @param {{ lon: number, lat: number }} place
   */
  constructor(holder, ground, place) {
    this.plane = new Plane(ground, place);
    this.hatch = hatch();
    this.closed = element("g", {});
    this.moving = element("g", {});
    this.world = element("g", {}, ...groundOf(this.plane, ground, place), this.closed, this.moving);
    this.scale = element("g", { class: "scale" });
    this.svg = /** @type {SVGSVGElement} */ (element("svg", { "aria-hidden": "true" }, element("defs", {}, this.hatch), this.world, this.scale));
    holder.append(this.svg);
    this.size = { wide: 1, high: 1 };
    this.seen = this.plane.box;
    this.camera = fitted(this.seen, this.size);
    this.isMoved = false;
    /** @type {{ at: Point, text: Element, wide: number }[]} */
    this.names = [];
    new ResizeObserver(() => this.#resize(holder)).observe(holder);
    this.#resize(holder);
  }

  /** @param {HTMLElement} holder */
  #resize({ clientWidth, clientHeight }) {
    this.size = { wide: Math.max(1, clientWidth), high: Math.max(1, clientHeight) };
    this.svg.setAttribute("viewBox", `0 0 ${this.size.wide} ${this.size.high}`);
    this.#look(this.isMoved ? this.camera : fitted(this.seen, this.size));
  }

  /**
   * What there is to be seen at first and on demand; points without ground do not count.
   * @param {readonly (readonly number[])[]} lonlats
   */
  focus(lonlats) {
    const points = lonlats.map((each) => this.plane.point(each)).filter((each) => this.plane.holds(each));
    if (points.length > 0) this.seen = boxAround(points);
    this.whole();
  }

  whole() {
    this.isMoved = false;
    this.#look(fitted(this.seen, this.size));
  }

  /** @param {Point} by  pixels */
  pan(by) {
    this.isMoved = true;
    this.#look(panned(this.camera, by));
  }

  /**
   * @param {number} factor
   * @param {Point} [at]  pixels from the corner of the window
   */
  zoom(factor, at) {
    const { wide, high } = this.size;
    const { scale } = held({ ...this.camera, scale: this.camera.scale * factor }, this.plane.box, this.size);
    this.isMoved = true;
    this.#look(zoomed(this.camera, scale / this.camera.scale, at ? [at[0] - wide / 2, at[1] - high / 2] : [0, 0]));
  }

  /** @param {import("./camera.js").Camera} camera */
  #look(camera) {
    this.camera = held(camera, this.plane.box, this.size);
    const { scale } = this.camera;
    const [x, y] = toWindow(this.camera, this.size, [0, 0]);
    this.world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    this.hatch.setAttribute("patternTransform", `rotate(45) scale(${1 / scale})`);
    this.svg.style.setProperty("--inverse", String(1 / scale));
    this.svg.style.setProperty("--street", `${Math.max(2, STREET_M * scale)}px`);
    this.svg.classList.toggle("near", scale >= NAMED_FROM);
    const metres = [5, 10, 20, 50, 100, 200, 500, 1000, 2000].filter((each) => each * scale <= SCALE_PX).at(-1) ?? 5;
    this.scale.replaceChildren(element("path", { d: `M12 ${this.size.high - 12}v-6m0 6h${metres * scale}v-6` }), element("text", { x: 18, y: this.size.high - 18 }, `${metres} m`));
    this.#separateNames();
  }

  #separateNames() {
    const at = this.names.map(({ at: point, wide }) => {
      const [x, y] = toWindow(this.camera, this.size, point);
      return { x, y, wide };
    });
    const down = spread(at, NAMES);
    for (const [index, { text }] of this.names.entries()) {
      const moved = down[index] ?? null;
      text.setAttribute("visibility", moved === null ? "hidden" : "visible");
      text.setAttribute("y", String(5 + Number(moved)));
    }
  }

  /**
   * @param {CircleSnapshot} snapshot
   * @param {{ incidentId: string | null, drillId: string, label: (unit: Unit) => string }} what
   */
  show(snapshot, { incidentId, drillId, label }) {
    const run = snapshot.drills.find(({ drill_id }) => drill_id === drillId);
    const called = snapshot.incidents.find(({ incident }) => incident.id === incidentId);
    this.names = [];
    this.closed.replaceChildren(...snapshot.closures.map((each) => this.#closure(each, "real")), ...(run?.closures ?? []).map((each) => this.#closure(each, "drilled")));
    const marks = (run?.marks ?? []).map(({ lon, lat, kind, text }) => this.#named([lon, lat], `mark ${kind}`, text, element("path", { d: "M0 -10L10 8H-10Z" })));
    const where = new Map(snapshot.positions.map((position) => [position.unit_id, position]));
    const units = snapshot.units.flatMap((unit) => {
      const state = furthest(called, unit.id);
      const position = where.get(unit.id);
      const isOut = run?.units_out.includes(unit.id) ?? false;
      if (!state && !position && !isOut) return [];
      const kind = `unit ${state ?? ""} ${position ? "" : "at-post"} ${isOut ? "out" : ""}`;
      return [this.#named(position ? [position.lon, position.lat] : unit.post, kind, label(unit), ...unitShape(state, isOut))];
    });
    this.moving.replaceChildren(...marks, ...units);
    this.#separateNames();
  }

  /**
   * @param {readonly number[]} lonlat
   * @param {string} kind
   * @param {string} name
   * @param {...Node} shapes
   */
  #named(lonlat, kind, name, ...shapes) {
    const at = this.plane.point(lonlat);
    const text = element("text", { x: NAMES.beside }, name);
    this.names.push({ at, text, wide: wideOf(name) });
    return pin(at, kind, ...shapes, text);
  }

  /**
   * @param {{ geometry: any }} closure
   * @param {"real" | "drilled"} whose
   */
  #closure({ geometry }, whose) {
    const { type, coordinates } = geometry;
    if (type === "Point") return pin(this.plane.point(coordinates), `closure ${whose}`, element("circle", { r: 9 }));
    if (type !== "LineString") return element("path", { d: this.plane.area(geometry), class: `closure ${whose} area` });
    const d = this.plane.line(coordinates);
    return element("g", {}, element("path", { d, class: `closure ${whose} line-ground` }), element("path", { d, class: `closure ${whose} line` }));
  }
}

/**
 * Pictograms too, as not everyone tells colours apart.
 * @param {string | null} state
 * @param {boolean} isOut
 */
export function unitShape(state, isOut) {
  const shapes = [element("circle", { r: 9 })];
  if (state === "on_scene") shapes.push(element("path", { d: "M-4 0L-1 4L5 -4" }));
  if (state === "accepted" || state === "en_route") shapes.push(element("path", { d: "M-3 -4L3 0L-3 4" }));
  if (isOut) shapes.push(element("path", { d: "M-11 -11L11 11M11 -11L-11 11", class: "cross" }));
  return shapes;
}

/** What the drill closes, in areas. */
function hatch() {
  return element("pattern", { id: "hatch", width: 8, height: 8, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, element("rect", { width: 8, height: 8, class: "hatch-ground" }), element("rect", { width: 4, height: 8, class: "hatch-line" }));
}

/**
 * About how wide a name is, in pixels: Chinese characters are twice as wide as others.
 * @param {string} text
 */
const wideOf = (text) => [...text].reduce((sum, each) => sum + (each > "\u2e7f" ? 13 : 7), 6);

const RANK = ["queued", "sent", "delivered", "seen", "declined", "accepted", "en_route", "on_scene", "withdrawn", "released"];

/**
 * @param {import("../types/messages.js").IncidentDetail | undefined} detail
 * @param {string} unitId
 * @returns {string | null} how far the first of a unit's people have come
 */
export function furthest(detail, unitId) {
  const call = detail?.alerts[0]?.id;
  const states = (detail?.deliveries ?? []).filter((each) => each.alert_id === call && each.unit_id === unitId).map(({ state }) => RANK.indexOf(state));
  return states.length > 0 ? (RANK[Math.max(...states)] ?? null) : null;
}
