// A picture from a camera, made small enough to be sent from a stairwell.

const LONGEST_PX = 1600;
/** A little less than the server takes. */
const MOST_BYTES = 900_000;
/** The longest side in pixels and the quality of each try, until it is small enough. */
const TRIES = /** @type {const} */ ([
  [LONGEST_PX, 0.85],
  [LONGEST_PX, 0.7],
  [1200, 0.7],
  [900, 0.6],
]);

/**
 * @param {{ width: number, height: number }} picture
 * @param {number} longest
 * @returns {{ width: number, height: number }} in the same proportion, never larger than it is
 */
export function sizeWithin({ width, height }, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * @param {Blob} file
 * @returns {Promise<Blob>} a JPEG without what the camera wrote beside the picture, such as the place
 * @throws when it is no picture that this browser can read
 */
export async function shrunk(file) {
  const bitmap = await createImageBitmap(file);
  try {
    for (const [longest, quality] of TRIES) {
      const canvas = Object.assign(document.createElement("canvas"), sizeWithin(bitmap, longest));
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
      if (made && made.size <= MOST_BYTES) return made;
    }
  } finally {
    bitmap.close();
  }
  throw new Error("the picture does not become small");
}
