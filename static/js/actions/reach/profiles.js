// Changing how people and vehicles move in the circle: edit, save, undo.

import { ApiError, get, request } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { edited, groupsOf, summarize } from "../../state/figures.js";
import { model, NO_EDITS, showAnswer, toast } from "../../state/model.js";
import { putLoaded } from "../../state/resources.js";

/**
 * @typedef {import("../../types/page.js").ProfileEdits} ProfileEdits
 * @typedef {import("../../types/reach.js").ShownProfiles} ShownProfiles
 */

/** @param {Partial<ProfileEdits>} change */
function put(change) {
  model.set({ profileEdits: { ...model.value.profileEdits, ...change } });
}

export function startEditing() {
  put({ open: true, refused: null });
  model.set({ sheet: "full" });
}

export function dropEdits() {
  put(NO_EDITS);
}

/**
 * @param {string} path
 * @param {string} text
 */
export function editFigure(path, text) {
  put({ typed: { ...model.value.profileEdits.typed, [path]: text }, refused: null });
}

/** Put every figure back to what is shipped; nothing changes until it is saved. */
export function editAllToDefault() {
  const shown = model.value.loaded.profiles.value;
  if (!shown) return;
  const own = summarize(groupsOf(shown), {}).own.filter(({ figure }) => figure.defaultValue !== null);
  put({ typed: Object.fromEntries(own.map(({ figure }) => [figure.path, String(figure.defaultValue)])), refused: null });
}

export async function saveEdits() {
  const { loaded, profileEdits } = model.value;
  const shown = loaded.profiles.value;
  if (!shown || profileEdits.sending) return;
  const saved = await send(shown, edited(shown, profileEdits.typed));
  if (!saved) return;
  model.set({ profileEdits: { ...NO_EDITS, undo: { table: shown.is_custom ? shown.table : null } } });
  toast(t("times.saved"));
}

/** Take the last save of this page back, unless another person has changed something since. */
export async function undoSave() {
  const { loaded, profileEdits } = model.value;
  const shown = loaded.profiles.value;
  if (!shown || !profileEdits.undo || profileEdits.sending) return;
  const back = await send(shown, profileEdits.undo.table);
  if (!back) return put({ undo: null });
  model.set({ profileEdits: NO_EDITS });
  toast(t("times.undone"));
}

/**
 * @param {ShownProfiles} shown  what it is instead of
 * @param {import("../../types/reach.js").ProfileTable | null} table
 * @returns {Promise<boolean>} whether it holds now
 */
async function send(shown, table) {
  const { circleId, live: sentAt } = model.value;
  const path = `/circles/${circleId}/profiles`;
  put({ sending: true, refused: null });
  try {
    const value = await request("PUT", path, { body: { table, expected_version: shown.version } });
    if (model.value.circleId !== circleId) return false;
    putLoaded("profiles", value);
    showAnswer({ kind: "profiles_changed" }, sentAt);
    return true;
  } catch (error) {
    const problem = error instanceof ApiError ? error.problem : {};
    const refused = { code: codeOf(error), field: text(problem["field"]), by: text(problem["by"]) };
    // What another person has saved is shown; what was typed here stays, and is saved only when asked for again.
    if (refused.code === "edit_conflict") await get(path).then((value) => putLoaded("profiles", value), () => undefined);
    put({ refused });
    return false;
  } finally {
    put({ sending: false });
  }
}

/** @param {unknown} value */
const text = (value) => (typeof value === "string" ? value : null);
