// Numbers, distances and times in words, through Intl.

import { language, t } from "./i18n.js";

export { stopwatch } from "./clock.js";

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function number(value, options) {
  return new Intl.NumberFormat(language(), options).format(value);
}

/**
 * @param {readonly string[]} names
 * @returns {string} one after the other, with the mark between them that the language has: 甲、乙 or A, B
 */
export function listed(names) {
  return new Intl.ListFormat(language(), { type: "conjunction", style: "narrow" }).format(names);
}

/**
 * @param {number} distanceM
 * @returns {string} to 5 m below a kilometre: metres matter to no one on foot
 */
export function distance(distanceM) {
  if (distanceM < 995) return t("unit.metres", { n: number(Math.round(distanceM / 5) * 5) });
  return t("unit.kilometres", { n: number(distanceM / 1000, { maximumFractionDigits: 1 }) });
}

/**
 * @param {number} seconds
 * @returns {number} whole minutes, rounded as the sentences of geo/reach/explain.py round them
 */
export function wholeMinutes(seconds) {
  return Math.max(1, Math.floor(seconds / 60 + 0.5));
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 57) return t("unit.seconds", { n: number(Math.round(seconds)) });
  if (seconds < 5970) return t("unit.minutes", { n: number(wholeMinutes(seconds)) });
  return t("unit.hours", { n: number(seconds / 3600, { maximumFractionDigits: 1 }) });
}

/** @param {number} seconds */
export function ago(seconds) {
  if (seconds < 3) return t("time.just_now");
  if (seconds < 60) return t("time.seconds_ago", { n: number(Math.floor(seconds)) });
  if (seconds < 3600) return t("time.minutes_ago", { n: number(Math.floor(seconds / 60)) });
  if (seconds < 86_400) return t("time.hours_ago", { n: number(Math.floor(seconds / 3600)) });
  return t("time.days_ago", { n: number(Math.floor(seconds / 86_400)) });
}

/** @param {string | number | Date} time */
export function timeOfDay(time) {
  return new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(time));
}

/** @param {string | number | Date} time */
export function secondsOfDay(time) {
  return new Intl.DateTimeFormat(language(), { timeStyle: "medium", hour12: false }).format(new Date(time));
}

/** @param {string | number | Date} time */
export function dayAndTime(time) {
  return new Intl.DateTimeFormat(language(), {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(new Date(time));
}

/** @param {string | number | Date} time */
export function timeWithSeconds(time) {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "medium", hour12: false }).format(new Date(time));
}

/**
 * @param {number} lon
 * @param {number} lat
 */
export function coordinates(lon, lat) {
  const places = { minimumFractionDigits: 5, maximumFractionDigits: 5 };
  return t("place.coordinates", { lon: number(lon, places), lat: number(lat, places) });
}
