// Moving the map: dragged, pinched, with the wheel, by keys and by buttons.

/** @typedef {import("./camera.js").Point} Point */

/** One press of a key or a button. */
const STEP_PX = 80;
const STEP_FACTOR = 1.5;
/** How far a wheel is turned to come twice as near; touchpads turn a little each time. */
const WHEEL_PX = 300;
const LINE_PX = 16;

/**
 * @typedef {object} Moves
 * @property {(by: Point) => void} pan  pixels
 * @property {(factor: number, at?: Point) => void} zoom  at a point of the window, or its middle
 * @property {() => void} whole
 */

/**
 * @param {HTMLElement} map
 * @param {Moves} moves
 */
export function followPointers(map, { pan, zoom }) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  /** @param {PointerEvent | WheelEvent} event */
  const at = (event) => {
    const { left, top } = map.getBoundingClientRect();
    return /** @type {const} */ ([event.clientX - left, event.clientY - top]);
  };
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    map.setPointerCapture(event.pointerId);
    down.set(event.pointerId, at(event));
  });
  map.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, now);
    if (!other) return pan([now[0] - before[0], now[1] - before[1]]);
    pan([(now[0] - before[0]) / 2, (now[1] - before[1]) / 2]);
    zoom(apart(now, other) / Math.max(1, apart(before, other)), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
  });
  for (const over of ["pointerup", "pointercancel"]) map.addEventListener(over, (event) => down.delete(/** @type {PointerEvent} */ (event).pointerId));
  map.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      zoom(2 ** (-(event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1)) / WHEEL_PX), at(event));
    },
    { passive: false },
  );
}

/**
 * @param {Point} a
 * @param {Point} b
 */
const apart = ([ax, ay], [bx, by]) => Math.hypot(ax - bx, ay - by);

/**
 * @param {HTMLElement} map
 * @param {Moves} moves
 */
export function followKeys(map, { pan, zoom, whole }) {
  /** @type {Readonly<Record<string, () => void>>} */
  const keys = {
    ArrowLeft: () => pan([STEP_PX, 0]),
    ArrowRight: () => pan([-STEP_PX, 0]),
    ArrowUp: () => pan([0, STEP_PX]),
    ArrowDown: () => pan([0, -STEP_PX]),
    "+": () => zoom(STEP_FACTOR),
    "=": () => zoom(STEP_FACTOR),
    "-": () => zoom(1 / STEP_FACTOR),
    "0": whole,
  };
  map.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]?.();
  });
}

/**
 * @param {{ closer: HTMLElement, farther: HTMLElement, all: HTMLElement }} buttons
 * @param {Moves} moves
 */
export function followButtons({ closer, farther, all }, { zoom, whole }) {
  closer.addEventListener("click", () => zoom(STEP_FACTOR));
  farther.addEventListener("click", () => zoom(1 / STEP_FACTOR));
  all.addEventListener("click", whole);
}
