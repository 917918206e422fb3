// Words about drills that several views say.

import { number, stopwatch } from "../../lib/format.js";
import { language, nameOf, t } from "../../lib/i18n.js";

const DAY_MS = 86_400_000;

/**
 * @param {string | null} startsAt
 * @param {number} nowMs
 */
export function dateWords(startsAt, nowMs) {
  if (!startsAt) return t("drills.no_date");
  const [date, today] = [new Date(startsAt), new Date(nowMs)];
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit", hour12: false };
  if (date.getFullYear() !== today.getFullYear()) parts.year = "numeric";
  const words = new Intl.DateTimeFormat(language(), parts).format(date);
  const days = Math.round((startOfDay(date) - startOfDay(today)) / DAY_MS);
  return days === 0 ? t("drills.today", { date: words }) : days === 1 ? t("drills.tomorrow", { date: words }) : words;
}

/** @param {Date} date */
const startOfDay = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

/**
 * @param {import("../../types/page.js").Model} model
 * @param {readonly string[]} ids  none is all
 * @returns {[string, string][]} id and name of each partner
 */
export const partnersOf = ({ live }, ids = []) =>
  (live.snapshot?.partners ?? []).filter(({ id }) => ids.length === 0 || ids.includes(id)).map((each) => /** @type {[string, string]} */ ([each.id, nameOf(each)]));

/**
 * What an inject waits for, and how long after that it comes: T+02:00, or 1:00 after inject 3.
 * @param {import("../../types/drills.js").Inject} inject
 * @param {import("../../types/drills.js").DrillPlan} plan
 */
export function whenWords({ after_s, waits_for }, plan) {
  if (!waits_for) return `T+${stopwatch(after_s)}`;
  const objective = plan.objectives.find(({ key }) => key === waits_for.objective)?.text ?? "";
  const what = t(`drills.after_${waits_for.kind}`, { n: number(waits_for.inject ?? 0), name: objective });
  return after_s === 0 ? what : `${what} +${stopwatch(after_s)}`;
}

/** @param {string} day  such as 2025-01-31 */
export function dayWords(day) {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Intl.DateTimeFormat(language(), { year: "numeric", month: "short", day: "numeric" }).format(new Date(year, month - 1, date));
}

/**
 * @param {import("../../types/findings.js").Finding} finding
 * @param {import("../../types/page.js").Model} model
 */
export function ownerWords({ owner_id, owner_name }, { live }) {
  const partner = live.snapshot?.partners.find(({ id }) => id === owner_id);
  return [partner && nameOf(partner), owner_name].filter(Boolean).join(" ");
}
