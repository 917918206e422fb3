// Draws one moment of a drill as SVG: the ground once, what moves each time. No tiles, no network.

const SVG = "http://www.w3.org/2000/svg";
const METRES_PER_DEGREE = 111_320;

/**
 * @typedef {{ bbox: [number, number, number, number], roads: { coordinates: [number, number][], highway: string }[], buildings: { geometry: any, name: string }[], facilities: { lon: number, lat: number, kind: string }[], rests_on_openstreetmap: boolean }} Ground
 * @typedef {import("./player.js").CircleSnapshot} CircleSnapshot
 */

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
function element(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

export class Scene {
  /**
   * @param {Ground} ground
   * @param {{ lon: number, lat: number }} place
   * @param {string} name  of the drawing, for those who cannot see it
   */
  constructor(ground, place, name) {
    const [west, south, east, north] = ground.bbox;
    this.west = west;
    this.north = north;
    this.perLat = METRES_PER_DEGREE;
    this.perLon = METRES_PER_DEGREE * Math.cos((place.lat * Math.PI) / 180);
    const wide = (east - west) * this.perLon;
    const high = (north - south) * this.perLat;
    this.svg = element("svg", { viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": name, class: "map" });
    this.svg.append(element("defs", {}));
    /** @type {SVGDefsElement} */ (this.svg.firstChild).append(this.#hatch());
    this.svg.append(this.#ground(ground), this.#place(place));
    this.moving = element("g", {});
    this.svg.append(this.moving, this.#scale(wide, high));
    this.size = Math.max(wide, high) / 100;
  }

  /** @param {readonly number[]} lonlat */
  point([lon, lat]) {
    return /** @type {[number, number]} */ ([(Number(lon) - this.west) * this.perLon, (this.north - Number(lat)) * this.perLat]);
  }

  #hatch() {
    const pattern = element("pattern", { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
    pattern.append(element("rect", { width: 6, height: 6, class: "hatch-ground" }), element("rect", { width: 3, height: 6, class: "hatch-line" }));
    return pattern;
  }

  /** @param {Ground} ground */
  #ground({ roads, buildings, facilities }) {
    const group = element("g", {});
    for (const { geometry } of buildings) group.append(element("path", { d: this.area(geometry), class: "building" }));
    for (const { coordinates, highway } of roads) group.append(element("path", { d: this.line(coordinates), class: `road ${highway}` }));
    for (const { lon, lat, kind } of facilities) {
      const [x, y] = this.point([lon, lat]);
      group.append(element("circle", { cx: x, cy: y, r: 3, class: `facility ${kind}` }));
    }
    return group;
  }

  /** @param {{ lon: number, lat: number }} place */
  #place({ lon, lat }) {
    const [x, y] = this.point([lon, lat]);
    const group = element("g", { class: "place" });
    group.append(element("circle", { cx: x, cy: y, r: 9 }), element("circle", { cx: x, cy: y, r: 3 }));
    return group;
  }

  /**
   * @param {number} wide
   * @param {number} high
   */
  #scale(wide, high) {
    const metres = [20, 50, 100, 200, 500, 1000].filter((each) => each < wide / 3).at(-1) ?? 20;
    const group = element("g", { class: "scale" });
    group.append(element("path", { d: `M10 ${high - 10}h${metres}` }), element("text", { x: 10, y: high - 15 }, `${metres} m`));
    return group;
  }

  /** @param {number[][]} coordinates */
  line(coordinates) {
    return coordinates.map((each, index) => `${index ? "L" : "M"}${this.point(each).map((value) => value.toFixed(1)).join(" ")}`).join("");
  }

  /** @param {{ type: string, coordinates: any }} geometry */
  area({ type, coordinates }) {
    const polygons = type === "MultiPolygon" ? coordinates : type === "Polygon" ? [coordinates] : [];
    return polygons.flatMap((/** @type {number[][][]} */ rings) => rings.map((ring) => `${this.line(ring)}Z`)).join("");
  }

  /**
   * @param {CircleSnapshot} snapshot
   * @param {{ incidentId: string | null, drillId: string, label: (unit: { name: string, name_en: string }) => string }} what
   */
  show(snapshot, { incidentId, drillId, label }) {
    const run = snapshot.drills.find(({ drill_id }) => drill_id === drillId);
    const called = snapshot.incidents.find(({ incident }) => incident.id === incidentId);
    const parts = [];
    for (const closure of [...snapshot.closures, ...(run?.closures ?? [])]) parts.push(this.#closure(closure, !snapshot.closures.includes(closure)));
    for (const mark of run?.marks ?? []) {
      const [x, y] = this.point([mark.lon, mark.lat]);
      parts.push(element("circle", { cx: x, cy: y, r: 7, class: `mark ${mark.kind}` }), element("text", { x: x + 9, y: y + 4, class: "words" }, mark.text));
    }
    const where = new Map(snapshot.positions.map((position) => [position.unit_id, position]));
    for (const unit of snapshot.units) {
      const state = furthest(called, unit.id);
      const position = where.get(unit.id);
      if (!state && !position) continue;
      const [x, y] = this.point(position ? [position.lon, position.lat] : unit.post);
      parts.push(element("circle", { cx: x, cy: y, r: 6, class: `unit ${state ?? ""} ${position ? "" : "at-post"}` }));
      parts.push(element("text", { x: x + 8, y: y - 6, class: "words" }, label(unit)));
    }
    this.moving.replaceChildren(...parts);
  }

  /**
   * @param {{ geometry: any }} closure
   * @param {boolean} drilled
   */
  #closure({ geometry }, drilled) {
    const kind = `closure ${drilled ? "drilled" : "real"}`;
    const { type, coordinates } = geometry;
    if (type === "Point") {
      const [x, y] = this.point(coordinates);
      return element("circle", { cx: x, cy: y, r: 8, class: kind });
    }
    if (type === "LineString") return element("path", { d: this.line(coordinates), class: `${kind} line` });
    return element("path", { d: this.area(geometry), class: `${kind} area` });
  }
}

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
