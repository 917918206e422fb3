// Who should arrive when, as a table: a row a unit, a column a stage of the plan. Pure.

/**
 * @typedef {object} Cell
 * @property {number | null} response_s  null when it cannot be there in time
 * @property {string | null} reason  why not
 * @property {boolean} isOut  the plan takes it as out of service
 * @property {boolean} isWorse  later than in the stage before, or not any more
 */

/**
 * @param {readonly import("../../types/drills.js").ReachStage[]} stages
 * @returns {{ id: string, name: string, name_en: string, cells: Cell[] }[]} who arrives first stands first; units that never come stand last
 */
export function reachTable(stages) {
  /** @type {Map<string, { id: string, name: string, name_en: string }>} */
  const units = new Map();
  for (const { reach } of stages) {
    for (const { unit_id: id, unit_name: name, unit_name_en: name_en } of [...reach.members, ...reach.non_members]) units.set(id, { id, name, name_en });
  }
  const rows = [...units.values()].map((unit) => ({ ...unit, cells: stages.map((stage, at) => cellOf(stage, stages[at - 1], unit.id)) }));
  const first = (/** @type {{ cells: Cell[] }} */ { cells }) => cells[0]?.response_s ?? Infinity;
  const best = (/** @type {{ cells: Cell[] }} */ { cells }) => Math.min(...cells.map(({ response_s }) => response_s ?? Infinity));
  return rows.sort((a, b) => order(first(a), first(b)) || order(best(a), best(b)) || a.name.localeCompare(b.name));
}

/**
 * @param {number} a
 * @param {number} b
 */
const order = (a, b) => (a === b ? 0 : a - b);

/**
 * @param {import("../../types/drills.js").ReachStage} stage
 * @param {import("../../types/drills.js").ReachStage | undefined} before
 * @param {string} id
 * @returns {Cell}
 */
function cellOf({ reach, units_out }, before, id) {
  const response = (/** @type {import("../../types/messages.js").ResponseCircle} */ { members }) => members.find(({ unit_id }) => unit_id === id)?.response_s ?? null;
  const response_s = response(reach);
  const earlier_s = before ? response(before.reach) : null;
  return {
    response_s,
    reason: response_s === null ? (reach.non_members.find(({ unit_id }) => unit_id === id)?.reason ?? null) : null,
    isOut: units_out.includes(id),
    isWorse: earlier_s !== null && (response_s === null || response_s > earlier_s + 1),
  };
}
