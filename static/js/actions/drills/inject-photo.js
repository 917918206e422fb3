// A picture for an inject: made small, sent at once, and named by the plan when that is saved.

import { request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { changedInject } from "../../state/drills/plan.js";
import { model, toast } from "../../state/model.js";
import { editPlan } from "./edit-plan.js";
import { shrunk } from "../photos/shrink-photo.js";

const TIMEOUT_MS = 30_000;

/**
 * @param {string} drillId
 * @param {number} number  of the inject
 * @param {Blob} file
 */
export async function addInjectPhoto(drillId, number, file) {
  const { circleId } = model.value;
  const photo = await shrunk(file).catch(() => null);
  if (!photo) {
    toast(t("drills.photo_unreadable"), "problem");
    return;
  }
  const photoId = crypto.randomUUID();
  try {
    await request("PUT", `/circles/${circleId}/drills/${drillId}/photos/${photoId}`, { body: photo, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
    return;
  }
  if (model.value.circleId === circleId) editPlan(drillId, (plan) => changedInject(plan, number, { photo_id: photoId }));
}
