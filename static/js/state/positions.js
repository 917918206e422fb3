// Where units are, and how old that is. Pure.

/**
 * @typedef {import("../types/messages.js").Position} Position
 * @typedef {import("../types/messages.js").Unit} Unit
 */

/** Older positions decide nothing; FRESH_POSITION of responder/domain/map/unit.py. */
export const FRESH_S = 120;

/** Older positions are not even drawn: they say more about the phone than about the unit. */
export const DRAWN_S = 1800;

/**
 * @param {Position} position
 * @param {number} nowMs
 */
export function isFresh(position, nowMs) {
  return nowMs - Date.parse(position.at) <= FRESH_S * 1000;
}

/**
 * @param {Unit} unit
 * @param {Position | null} position
 * @returns {import("../types/page.js").LonLat}
 */
export function placeOfUnit(unit, position) {
  return position ? [position.lon, position.lat] : unit.post;
}

/**
 * @param {readonly Position[]} positions
 * @param {number} nowMs
 * @returns {Position[]} those young enough to draw
 */
export function drawable(positions, nowMs) {
  return positions.filter((position) => nowMs - Date.parse(position.at) <= DRAWN_S * 1000);
}

/**
 * @param {import("../types/page.js").CircleState} state
 * @param {import("../types/messages.js").PositionMessage} message
 * @returns {import("../types/page.js").CircleState}
 */
export function withPosition(state, message) {
  const { snapshot } = state;
  if (!snapshot) return state;
  const known = snapshot.positions.find((position) => position.unit_id === message.unit_id);
  if (known && Date.parse(known.at) >= Date.parse(message.at)) return state;
  const { unit_id, lon, lat, accuracy_m, at } = message;
  const others = snapshot.positions.filter((position) => position.unit_id !== unit_id);
  return { ...state, snapshot: { ...snapshot, positions: [...others, { unit_id, lon, lat, accuracy_m, at }] } };
}
