// The ground of a drill as SVG, in metres: it is drawn once. No tiles, no network.

const SVG = "http://www.w3.org/2000/svg";
const METRES_PER_DEGREE = 111_320;

/**
 * @typedef {{ bbox: [number, number, number, number], roads: { coordinates: [number, number][], highway: string }[], buildings: { geometry: any, name: string }[], facilities: { lon: number, lat: number, kind: string }[], rests_on_openstreetmap: boolean }} Ground
 */

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {...(Node | string)} inside
 */
export function element(name, attributes, ...inside) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...inside);
  return made;
}

/**
 * Something that keeps its size while the ground grows.
 * @param {readonly number[]} at  metres
 * @param {string} kind
 * @param {...Node} inside
 */
export function pin([x = 0, y = 0], kind, ...inside) {
  return element("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, element("g", { class: `pin ${kind}` }, ...inside));
}

/** From degrees to metres eastward and southward of the corner of the ground. */
export class Plane {
  /**
   * @param {Ground} ground
   * @param {{ lat: number }} place
   */
  constructor({ bbox: [west, south, east, north] }, { lat }) {
    this.west = west;
    this.north = north;
    this.perLon = METRES_PER_DEGREE * Math.cos((lat * Math.PI) / 180);
    this.box = { left: 0, top: 0, right: (east - west) * this.perLon, bottom: (north - south) * METRES_PER_DEGREE };
  }

  /** @param {readonly number[]} lonlat */
  point([lon = 0, lat = 0]) {
    return /** @type {[number, number]} */ ([(lon - this.west) * this.perLon, (this.north - lat) * METRES_PER_DEGREE]);
  }

  /** @param {readonly number[]} point  whether there is ground */
  holds([x = 0, y = 0]) {
    return x >= 0 && y >= 0 && x <= this.box.right && y <= this.box.bottom;
  }

  /** @param {number[][]} coordinates */
  line(coordinates) {
    return coordinates.map((each, index) => `${index ? "L" : "M"}${this.point(each).map((value) => value.toFixed(1)).join(" ")}`).join("");
  }

  /** @param {{ type: string, coordinates: any }} geometry */
  area(geometry) {
    return ringsOf(geometry).map((ring) => `${this.line(ring)}Z`).join("");
  }
}

/**
 * @param {{ type: string, coordinates: any }} geometry
 * @returns {number[][][]}
 */
function ringsOf({ type, coordinates }) {
  const polygons = type === "MultiPolygon" ? coordinates : type === "Polygon" ? [coordinates] : [];
  return polygons.flat();
}

/**
 * @param {Plane} plane
 * @param {Ground} ground
 * @param {{ lon: number, lat: number }} place
 * @returns {Node[]} buildings, roads, and what has a fixed size
 */
export function groundOf(plane, { roads, buildings, facilities }, place) {
  /** @type {Map<string, string[]>} */
  const lines = new Map();
  for (const { highway, coordinates } of roads) lines.set(highway, [...(lines.get(highway) ?? []), plane.line(coordinates)]);
  const drawn = [...lines].map(([highway, paths]) => ({ d: paths.join(""), class: `road ${highway}` }));
  return [
    ...buildings.map(({ geometry }) => element("path", { d: plane.area(geometry), class: "building" })),
    ...drawn.map(({ d, class: kind }) => element("path", { d, class: `${kind} casing` })),
    ...drawn.map((each) => element("path", each)),
    ...buildings.filter(({ name }) => name).map(({ geometry, name }) => pin(middleOf(plane, geometry), "building-name", element("text", {}, name))),
    ...facilities.map(({ lon, lat, kind }) => pin(plane.point([lon, lat]), `facility ${kind}`, element("rect", { x: -4, y: -4, width: 8, height: 8, rx: 2 }))),
    pin(plane.point([place.lon, place.lat]), "place", element("circle", { r: 14 }), element("circle", { r: 4 })),
  ];
}

/**
 * @param {Plane} plane
 * @param {any} geometry
 */
function middleOf(plane, geometry) {
  const points = ringsOf(geometry)[0]?.map((each) => plane.point(each)) ?? [];
  const middle = (/** @type {0 | 1} */ axis) => (Math.min(...points.map((each) => each[axis])) + Math.max(...points.map((each) => each[axis]))) / 2;
  return [middle(0), middle(1)];
}
