// A plan as it is typed: kept until it is saved or dropped, whatever is looked at meanwhile.

import { ApiError, request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { namedField, planShown } from "../../state/drills/plan.js";
import { model, toast } from "../../state/model.js";
import { putLoaded, refresh } from "../../state/resources.js";

/**
 * @typedef {import("../../types/drills.js").DrillPlan} DrillPlan
 * @typedef {import("../../types/drills.js").DrillDraft} DrillDraft
 */

/**
 * @param {string} id
 * @param {(plan: DrillPlan) => DrillPlan} change
 */
export function editPlan(id, change) {
  const { plan, saved, draft } = planShown(model.value, id);
  if (!plan || draft?.sending) return;
  const version = draft?.version ?? saved?.version ?? "";
  model.set({ drillDraft: { id, version, plan: change(plan), sending: false, refused: null } });
}

export function dropDraft() {
  model.set({ drillDraft: null });
}

/** Save what is typed here although another person has changed the plan meanwhile: what they changed goes. */
export function keepMine() {
  const { drillDraft, loaded } = model.value;
  const saved = loaded.drillPlan.value;
  if (drillDraft && saved?.id === drillDraft.id) model.set({ drillDraft: { ...drillDraft, version: saved.version, refused: null } });
}

export async function savePlan() {
  const { circleId, drillDraft: draft } = model.value;
  if (!draft || draft.sending) return;
  const plan = { ...draft.plan, injects: [...draft.plan.injects].sort((a, b) => a.number - b.number) };
  const put = (/** @type {Partial<DrillDraft>} */ change) => {
    const { drillDraft } = model.value;
    if (drillDraft?.id === draft.id) model.set({ drillDraft: { ...drillDraft, ...change } });
  };
  put({ sending: true, refused: null });
  try {
    const saved = await request("PUT", `/circles/${circleId}/drills/${draft.id}`, { body: { plan, expected_version: draft.version } });
    if (model.value.circleId !== circleId) return;
    showSaved(saved);
    toast(t("drills.saved"));
  } catch (error) {
    const code = codeOf(error);
    const problem = /** @type {any} */ (error instanceof ApiError ? error.problem : {});
    const field = String(problem["field"] ?? problem["errors"]?.[0]?.field ?? "").replace(/^(body\.)?(plan\.)?/, "");
    put({ sending: false, refused: { code, field: namedField(field || null, plan), by: problem["by"] ?? null } });
    if (code === "edit_conflict") refresh("drillPlan");
  }
}

/** @param {import("../../types/drills.js").Drill} saved  what a command has answered */
export function showSaved(saved) {
  if (model.value.loaded.drillPlan.value?.id === saved.id) putLoaded("drillPlan", saved);
  if (model.value.drillDraft?.id === saved.id) model.set({ drillDraft: null });
}

/** @param {string} id */
export async function callOff(id) {
  const { circleId } = model.value;
  try {
    const saved = await request("POST", `/circles/${circleId}/drills/${id}/call-off`);
    if (model.value.circleId !== circleId) return;
    showSaved(saved);
    toast(t("drills.called_off"));
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  }
}

/** What is typed is not lost by closing the page unasked. */
export function askBeforeLeaving() {
  addEventListener("beforeunload", (event) => {
    if (model.value.drillDraft) event.preventDefault();
  });
}
