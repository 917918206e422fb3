// What a finger means where a house and symbols lie beneath it. Pure.

/**
 * @typedef {import("../types/page.js").TapTarget} TapTarget
 * @typedef {object} House
 * @property {string} id
 * @property {number} areaPx2  of its ground plan on screen
 *
 * @typedef {object} Meant
 * @property {TapTarget | null} first  what to show; null is the ground itself
 * @property {TapTarget[]} others  what else was beneath the finger, to be offered
 */

/** Half of a symbol on the map, and a little for the finger: its label is not the symbol. */
export const SYMBOL_PX = 18;
/** A house as large as six symbols can be tapped beside any one of them. */
export const ROOMY_PX2 = 5000;
const OFFERED = 3;

/**
 * A house is where people are: a tap must not silently end at the extinguisher that is drawn over it. Only where
 * the house leaves room around the symbol is the symbol meant; and what was not meant is one tap away.
 * @param {object} beneath
 * @param {House | null} beneath.house  right beneath the finger
 * @param {readonly string[]} beneath.nearHouses  ids of those that the finger reaches
 * @param {readonly (TapTarget & { awayPx: number })[]} beneath.things  nearest first
 * @param {boolean} beneath.choosing  the place of an alert: no thing is asked for
 * @returns {Meant}
 */
export function meantBy({ house, nearHouses, things, choosing }) {
  const building = house && asHouse(house.id);
  if (choosing) return offering(building, building ? [] : nearHouses.map(asHouse));

  const touched = things.filter(({ awayPx }) => awayPx <= SYMBOL_PX).map(({ kind, id }) => ({ kind, id }));
  const [thing] = touched;
  const roomy = house !== null && house.areaPx2 >= ROOMY_PX2;
  if (building && !(roomy && thing && thing.kind !== "closure")) return offering(building, touched);
  if (thing) return offering(thing, [...(building ? [building] : nearHouses.map(asHouse)), ...touched]);
  const nearest = things[0];
  return offering(nearest ? { kind: nearest.kind, id: nearest.id } : null, []);
}

/**
 * @param {string} id
 * @returns {TapTarget}
 */
const asHouse = (id) => ({ kind: "building", id });

/**
 * @param {TapTarget | null} first
 * @param {readonly TapTarget[]} others
 * @returns {Meant}
 */
function offering(first, others) {
  return { first, others: others.filter(({ id }) => id !== first?.id).slice(0, OFFERED) };
}

/**
 * @param {readonly { x: number, y: number }[]} ring  corners on screen
 * @returns {number} square pixels, whichever way round the corners go
 */
export function areaOf(ring) {
  let twice = 0;
  ring.forEach(({ x, y }, i) => {
    const next = /** @type {{ x: number, y: number }} */ (ring[(i + 1) % ring.length]);
    twice += x * next.y - next.x * y;
  });
  return Math.abs(twice) / 2;
}
