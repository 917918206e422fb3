// What part of the ground the window shows. Pure: metres eastward and southward on the ground, pixels in the window.

/**
 * @typedef {{ x: number, y: number, scale: number }} Camera  the ground in the middle of the window, and pixels a metre
 * @typedef {{ wide: number, high: number }} Size
 * @typedef {{ left: number, top: number, right: number, bottom: number }} Box  of the ground
 * @typedef {readonly [number, number]} Point
 */

/** Pixels a metre: doors can be told apart. */
const NEAREST = 8;
/** Pixels around what has to be seen. */
const ROOM = 48;

/**
 * @param {readonly Point[]} points  at least one
 * @returns {Box}
 */
export function boxAround(points) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/**
 * @param {Box} box
 * @param {Size} size
 * @returns {Camera} that shows all of the box
 */
export function fitted({ left, top, right, bottom }, { wide, high }) {
  const room = Math.min(ROOM, wide / 8, high / 8);
  const scale = Math.min((wide - 2 * room) / Math.max(1, right - left), (high - 2 * room) / Math.max(1, bottom - top), NEAREST / 2);
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale };
}

/**
 * @param {Camera} camera
 * @param {Box} ground
 * @param {Size} size
 * @returns {Camera} not farther away than the whole ground, and with ground in the middle
 */
export function held({ x, y, scale }, ground, size) {
  const within = (/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) => Math.min(high, Math.max(low, value));
  return {
    x: within(x, ground.left, ground.right),
    y: within(y, ground.top, ground.bottom),
    scale: within(scale, Math.min(NEAREST, fitted(ground, size).scale), NEAREST),
  };
}

/**
 * @param {Camera} camera
 * @param {Size} size
 * @param {Point} point  on the ground
 * @returns {[number, number]} in the window
 */
export const toWindow = ({ x, y, scale }, { wide, high }, [px, py]) => [wide / 2 + (px - x) * scale, high / 2 + (py - y) * scale];

/**
 * @param {Camera} camera
 * @param {Point} by  pixels that the ground moves in the window
 * @returns {Camera}
 */
export const panned = ({ x, y, scale }, [dx, dy]) => ({ x: x - dx / scale, y: y - dy / scale, scale });

/**
 * @param {Camera} camera
 * @param {number} factor
 * @param {Point} from  pixels from the middle of the window to what stays where it is
 * @returns {Camera}
 */
export function zoomed({ x, y, scale }, factor, [dx, dy]) {
  const next = scale * factor;
  return { x: x + dx / scale - dx / next, y: y + dy / scale - dy / next, scale: next };
}

/** Where a name may be written, in lines beneath the height of its thing. */
const LINES = [0, 0.5, -0.5, 1, -1, 1.5, -1.5, 2];

/**
 * Names of things that lie side by side are written above or beneath each other; one without room is left out.
 * @param {readonly { x: number, y: number, wide: number }[]} things  where they are and how wide their names are, in pixels
 * @param {{ line: number, beside: number }} how  height of a name, and how far from the middle of its thing it begins
 * @returns {(number | null)[]} by how much each is moved down
 */
export function spread(things, { line, beside }) {
  const taken = things.map(({ x, y }) => ({ left: x - beside + 2, right: x + beside - 2, y }));
  return things.map(({ x, y, wide }) => {
    const [left, right] = [x + beside, x + beside + wide];
    const isFree = (/** @type {number} */ at) => taken.every((each) => Math.abs(each.y - at) >= line || each.right <= left || right <= each.left);
    const lines = LINES.find((each) => isFree(y + each * line));
    if (lines === undefined) return null;
    taken.push({ left, right, y: y + lines * line });
    return lines * line;
  });
}
