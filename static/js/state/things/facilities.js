// Whether a shared facility can be used, and when it has to be inspected. Pure.

import { t } from "../../lib/i18n.js";

/** @typedef {import("../../types/page.js").Facility} Facility */

const DAY_MS = 86_400_000;

/**
 * @param {Facility} facility
 * @param {number} nowMs
 * @returns {import("../../types/page.js").Opening}
 */
export function openingNow({ hours }, nowMs) {
  if (!hours) return "open";
  return hours.changes.filter(({ at }) => Date.parse(at) <= nowMs).at(-1)?.to ?? hours.now;
}

/**
 * @param {Facility} facility
 * @param {number} nowMs
 */
export const canBeUsed = (facility, nowMs) => facility.state === "in_service" && openingNow(facility, nowMs) !== "closed";

/**
 * @param {Facility} facility
 * @param {number} nowMs
 * @returns {string | null} why it is not offered, or what is not certain about it
 */
export function stateWords(facility, nowMs) {
  if (facility.state !== "in_service") return t(`facility_state.${facility.state}`);
  const opening = openingNow(facility, nowMs);
  return opening === "open" ? null : t(`facility.hours_${opening}`);
}

/**
 * @param {Facility} facility
 * @param {number} nowMs
 * @returns {number | null} days until it has to be inspected, below 0 when overdue; null when none is planned
 */
export function daysLeft({ inspection_days, inspected_on, state }, nowMs) {
  if (inspection_days === null || state === "removed") return null;
  if (!inspected_on) return 0;
  // Days of the device's own calendar.
  const today = new Date(nowMs);
  const midnight = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  return Math.round((Date.parse(inspected_on) - midnight) / DAY_MS) + inspection_days;
}

/**
 * @param {readonly Facility[]} all
 * @param {number} nowMs
 * @returns {Facility[]} those that have to be inspected, the longest overdue first
 */
export function due(all, nowMs) {
  const left = (/** @type {Facility} */ each) => daysLeft(each, nowMs) ?? Infinity;
  return all.filter((each) => left(each) <= 0).sort((a, b) => left(a) - left(b));
}
