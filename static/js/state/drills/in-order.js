// The circle's drills as they are listed. Pure.

/** @typedef {import("../../types/drills.js").DrillCard} DrillCard */

const OPEN = new Set(["planned", "running", "paused"]);

/**
 * @param {readonly DrillCard[]} drills  the last created first
 * @returns {{ next: DrillCard[], over: DrillCard[] }} the earliest first; and what is over: the last ended first, then what was called off
 */
export function inOrder(drills) {
  return {
    next: drills.filter(({ state }) => OPEN.has(state)).sort((a, b) => startMs(a) - startMs(b)),
    over: drills.filter(({ state }) => !OPEN.has(state)).sort((a, b) => endMs(b) - endMs(a)),
  };
}

/** @param {DrillCard} drill  one without a date comes last */
const startMs = ({ starts_at }) => (starts_at ? Date.parse(starts_at) : Number.MAX_SAFE_INTEGER);

/** @param {DrillCard} drill */
const endMs = ({ ended_at }) => (ended_at ? Date.parse(ended_at) : 0);
