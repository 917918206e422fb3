// Words about the pact that several of its pages say.

import { language, t } from "../../../lib/i18n.js";

/**
 * @param {{ text: string, text_en: string }} duty
 * @returns {string} in the language of the page, or the one that there is
 */
export const dutyText = ({ text, text_en }) => (language() === "en" && text_en ? text_en : text);

/** @param {{ times: number, per: string }} duty */
export const oftenWords = ({ times, per }) => (times === 0 ? t("pact.when_needed") : t(`pact.per_${per}`, { n: String(times) }));

/** Monday first. */
const MONDAY = Date.UTC(2024, 0, 1);

/** @param {number} weekday  0 is Monday */
export const weekdayWords = (weekday) => new Intl.DateTimeFormat(language(), { weekday: "short", timeZone: "UTC" }).format(MONDAY + weekday * 86_400_000);

/**
 * @param {string} day  such as 2025-01-31
 * @param {number} days
 */
export const dayAfter = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** @param {string} day */
export const weekdayAndDay = (day) =>
  new Intl.DateTimeFormat(language(), { weekday: "short", month: "short", day: "numeric", timeZone: "UTC" }).format(Date.parse(`${day}T00:00:00Z`));

/**
 * @param {string} at
 * @param {string} timeZone
 */
export const clockIn = (at, timeZone) => new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hour12: false, timeZone }).format(new Date(at));

/**
 * @param {string} at
 * @param {string} timeZone
 * @returns {string} such as 2025-01-31
 */
export const dayIn = (at, timeZone) => new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone }).format(new Date(at));

/** @param {string} at */
export const dayAndTimeWithYear = (at) => new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short", hour12: false }).format(new Date(at));
