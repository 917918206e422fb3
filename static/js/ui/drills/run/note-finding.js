// From what a drill showed to a finding, in one tap: an observation, or an objective that was not met, or not measured.

import { showFinding } from "../../../actions/map/navigation.js";
import { stopwatch } from "../../../lib/format.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { icon } from "../../components/icon.js";

/**
 * @typedef {import("../../../types/page.js").DrillConsole} Console
 * @typedef {import("../../../types/findings.js").FindingSource} Source
 */

const NOT_MET = new Set(["late", "missed", "not_measured"]);

/**
 * @param {Console} it
 * @param {import("../../../types/drills.js").Observation} observation
 */
export function ofObservation(it, { id, verdict, text, objective, partner_id, lon, lat }) {
  const known = findingsOf(it).find(({ observation_id }) => observation_id === id);
  if (!known && verdict === "good") return nothing;
  const words = text || (it.shown.drill.plan.objectives.find(({ key }) => key === objective)?.text ?? "");
  const at = /** @type {Source["at"]} */ (lon === null || lat === null ? undefined : [lon, lat]);
  return toFinding(it, known, { observation: id, objective: objective ?? undefined, at, typed: { text: words, owner_id: partner_id } });
}

/**
 * @param {Console} it
 * @param {import("../../../types/drills.js").Objective} objective
 * @param {import("../../../state/drills/run.js").Standing} standing
 */
export function ofObjective(it, { key, text }, { state, tookS, withinS }) {
  const known = findingsOf(it).find(({ objective, observation_id }) => objective === key && observation_id === null);
  if (!known && (it.run.state !== "ended" || !NOT_MET.has(state))) return nothing;
  const words = t(state === "not_measured" ? "console.finding_not_measured" : tookS === null ? "console.finding_missed" : "console.finding_late", { text, time: stopwatch(tookS ?? 0), target: stopwatch(withinS) });
  return toFinding(it, known, { objective: key, typed: { text: words.slice(0, LONGEST) } });
}

/** Of a finding's text, in letters. */
const LONGEST = 500;

/** @param {Console} it */
function findingsOf({ model: { loaded }, view }) {
  const { subject, value } = loaded.planFindings;
  return subject.endsWith(`drill_id=${view.id}`) ? (value?.findings ?? []) : [];
}

/**
 * @param {Console} it
 * @param {import("../../../types/findings.js").Finding | undefined} known
 * @param {Source} source  of a new one
 */
function toFinding({ model, view }, known, source) {
  const from = { drill: view.id, console: true };
  if (known) return html`<button class="button to-finding" @click=${() => showFinding(known.id, from)}>${icon("check")}<span>${t("console.finding", { state: t(`findings.state_${known.state}`) })}</span></button>`;
  if (!may(model.live.viewer, "plan_drill")) return nothing;
  return html`<button class="button to-finding" @click=${() => showFinding(null, { ...from, ...source })}>${icon("plus")}<span>${t("console.to_finding")}</span></button>`;
}
