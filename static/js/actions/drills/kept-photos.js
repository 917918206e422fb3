// Pictures that wait for a network, in a cache of their own: they are too large for where words are remembered.

const CACHE = "drill-photos";
const address = (/** @type {string} */ id) => `/drill-photos/${id}`;

/** Where there is no cache, such as in a private window. @type {Map<string, Blob>} */
const inMemory = new Map();

/**
 * @param {string} id  of the observation
 * @param {Blob} photo
 */
export async function keepPhoto(id, photo) {
  inMemory.set(id, photo);
  try {
    await (await caches.open(CACHE)).put(address(id), new Response(photo, { headers: { "Content-Type": photo.type } }));
  } catch {
    // It is sent from memory, as long as the page is open.
  }
}

/**
 * @param {string} id
 * @returns {Promise<Blob | null>}
 */
export async function keptPhoto(id) {
  const known = inMemory.get(id);
  if (known) return known;
  try {
    return (await (await (await caches.open(CACHE)).match(address(id)))?.blob()) ?? null;
  } catch {
    return null;
  }
}

/** @param {string} id */
export async function dropPhoto(id) {
  inMemory.delete(id);
  try {
    await (await caches.open(CACHE)).delete(address(id));
  } catch {
    // There is nothing to drop.
  }
}
