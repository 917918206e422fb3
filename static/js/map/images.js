// Map symbols, drawn on a canvas: discs, plates and triangles, each with its pictogram, and barrier tape.

import { ICONS } from "../lib/icons.js";

/** @typedef {import("./tokens.js").Tokens} Tokens */

const RATIO = 2;
const SIZES = /** @type {Readonly<Record<string, number>>} */ ({ disc: 34, plate: 28, triangle: 30, tape: 16 });

/** Fill, outline and pictogram of each shape, and of its tones where they differ. */
const TONES = /** @type {Readonly<Record<string, readonly (keyof Tokens)[]>>} */ ({
  disc: ["surface", "respond", "respond"],
  "disc coming": ["respond", "on-respond", "on-respond"],
  "disc off": ["surface", "ink-muted", "ink-muted"],
  plate: ["plate", "on-plate", "on-plate"],
  triangle: ["surface", "ink", "ink"],
  "triangle major": ["ink", "surface", "surface"],
  tape: ["ink", "surface", "surface"],
  "tape drill": ["exercise", "on-exercise", "on-exercise"],
  "triangle drill": ["exercise", "on-exercise", "on-exercise"],
  "plate drill": ["exercise", "on-exercise", "on-exercise"],
});

/**
 * @typedef {object} Symbol
 * @property {"disc" | "plate" | "triangle" | "tape"} shape
 * @property {string} icon
 * @property {string} fill
 * @property {string} line
 * @property {string} ink
 * @property {number} size  CSS pixels
 */

/**
 * @param {string} name  shape, tone and pictogram: `disc ready car`
 * @param {Tokens} tokens
 * @returns {ImageData | null}
 */
export function imageFor(name, tokens) {
  const [shape = "", tone = "", icon = ""] = name.split(" ");
  const size = SIZES[shape];
  const [fill, line, ink] = TONES[`${shape} ${tone}`] ?? TONES[shape] ?? [];
  if (!size || !fill || !line || !ink) return null;
  return drawn({ shape: /** @type {Symbol["shape"]} */ (shape), icon, fill: tokens[fill], line: tokens[line], ink: tokens[ink], size });
}

/**
 * @param {Symbol} symbol
 * @returns {ImageData}
 */
function drawn({ shape, icon, fill, line, ink, size }) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size * RATIO;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(RATIO, RATIO);
  pen.lineJoin = pen.lineCap = "round";
  pen.fillStyle = fill;
  pen.strokeStyle = line;
  pen.lineWidth = 2;

  if (shape === "tape") {
    drawStripes(pen, size, { fill, line });
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }
  const outline = outlineOf(shape, size);
  pen.fill(outline);
  pen.stroke(outline);
  if (shape === "triangle") drawMark(pen, size, ink);
  else drawIcon(pen, size, { icon, ink });
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * @param {"disc" | "plate" | "triangle"} shape
 * @param {number} size
 */
function outlineOf(shape, size) {
  const path = new Path2D();
  const middle = size / 2;
  if (shape === "disc") path.arc(middle, middle, middle - 2, 0, 2 * Math.PI);
  if (shape === "plate") path.roundRect(2, 2, size - 4, size - 4, 6);
  if (shape === "triangle") {
    path.moveTo(middle, 3);
    path.lineTo(size - 2, size - 4);
    path.lineTo(2, size - 4);
    path.closePath();
  }
  return path;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} size
 * @param {{ icon: string, ink: string }} how
 */
function drawIcon(pen, size, { icon, ink }) {
  const shown = size * 0.62;
  pen.translate((size - shown) / 2, (size - shown) / 2);
  pen.scale(shown / 24, shown / 24);
  pen.strokeStyle = ink;
  pen.lineWidth = 2.1;
  pen.stroke(new Path2D(ICONS[icon] ?? ICONS["other"]));
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} size
 * @param {string} ink
 */
function drawMark(pen, size, ink) {
  pen.strokeStyle = ink;
  pen.lineWidth = 2.6;
  pen.beginPath();
  pen.moveTo(size / 2, size * 0.4);
  pen.lineTo(size / 2, size * 0.61);
  pen.moveTo(size / 2, size * 0.745);
  pen.lineTo(size / 2, size * 0.75);
  pen.stroke();
}

/**
 * Barrier tape, repeated along a line.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} size
 * @param {{ fill: string, line: string }} how
 */
function drawStripes(pen, size, { fill, line }) {
  pen.fillStyle = fill;
  pen.fillRect(0, 0, size, size);
  pen.fillStyle = line;
  for (const start of [-size, 0]) {
    pen.beginPath();
    pen.moveTo(start + size * 0.5, size);
    pen.lineTo(start + size, size);
    pen.lineTo(start + size * 1.5, 0);
    pen.lineTo(start + size, 0);
    pen.fill();
  }
}

export const IMAGE_RATIO = RATIO;
