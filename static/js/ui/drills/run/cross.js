// The cross over a unit that a drill takes as out of service; the unit stays to be seen.

export const CROSS = "drill-cross";
const SIZE = 40;
const RATIO = 2;
const ARMS = `M4 4L${SIZE - 4} ${SIZE - 4}M${SIZE - 4} 4L4 ${SIZE - 4}`;

/**
 * @param {import("maplibre-gl").Map} map
 * @param {import("../../../map/tokens.js").Tokens} tokens
 */
export function addCross(map, tokens) {
  if (map.hasImage(CROSS)) map.removeImage(CROSS);
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(RATIO, RATIO);
  pen.lineCap = "round";
  for (const [width, colour] of /** @type {const} */ ([[7, tokens["map-halo"]], [4, tokens.exercise]])) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke(new Path2D(ARMS));
  }
  map.addImage(CROSS, pen.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: RATIO });
}
