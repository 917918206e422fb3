// Closing a lane to (some) traffic, and opening it again.

import { request } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { EMPTY_DRAFT, model, showAnswer, toast } from "../../state/model.js";
import { showOverview, showThing } from "./navigation.js";

/** @param {Partial<import("../../types/page.js").ClosureDraft>} change */
export function changeDraft(change) {
  model.set({ draft: { ...model.value.draft, ...change, error: null } });
}

/** Take the last tap back. */
export function undoTap() {
  const { before } = model.value.draft;
  changeDraft({ points: before.at(-1) ?? [], before: before.slice(0, -1) });
}

/**
 * The closure as the server wants it.
 * @param {import("../../types/page.js").ClosureDraft} draft
 */
export function draftBody({ name, points, widerThanM, hours }) {
  return {
    name: name.trim() || t("closure.default_name"),
    geometry: { type: "LineString", coordinates: points },
    wider_than_m: widerThanM,
    ends_at: hours === null ? null : new Date(now() + hours * 3600 * 1000).toISOString(),
  };
}

/** @param {(id: string) => void} [then] */
export async function setClosure(then = (id) => showThing("closure", id)) {
  const { circleId, draft, live: sentAt } = model.value;
  changeDraft({ sending: true });
  const body = draftBody(draft);
  try {
    const closure = await request("POST", `/circles/${circleId}/closures`, { body });
    model.set({ draft: EMPTY_DRAFT });
    showAnswer({ kind: "closure_created", closure }, sentAt);
    toast(t("closure.set_done"));
    then(closure.id);
  } catch (error) {
    model.set({ draft: { ...model.value.draft, sending: false, error: codeOf(error) } });
  }
}

/** @param {string} closureId */
export async function liftClosure(closureId) {
  const { circleId, live: sentAt } = model.value;
  try {
    await request("DELETE", `/circles/${circleId}/closures/${closureId}`);
    showAnswer({ kind: "closure_lifted", closure_id: closureId }, sentAt);
    toast(t("closure.lift_done"));
    showOverview();
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  }
}
