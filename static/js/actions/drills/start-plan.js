// A new drill from a template: all it needs is a place.

import { request } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { language } from "../../lib/i18n.js";
import { model } from "../../state/model.js";
import { showDrill } from "../map/navigation.js";

/** Sent again for the same template and place it is planned once. */
let sent = { what: "", key: "" };

/**
 * @param {string} key  of the template
 * @param {import("../../types/messages.js").Place} place
 */
export async function startPlan(key, place) {
  const { circleId, view } = model.value;
  if (view.name !== "drills" || view.sending) return;
  const body = { template: { key, language: language(), place } };
  const what = JSON.stringify([circleId, body]);
  if (sent.what !== what) sent = { what, key: crypto.randomUUID() };
  const sending = { ...view, sending: true, error: undefined };
  model.set({ view: sending });
  try {
    const drill = await request("POST", `/circles/${circleId}/drills`, { body, headers: { "Idempotency-Key": sent.key } });
    // The same again is meant as another one.
    sent = { what: "", key: "" };
    if (model.value.view === sending) showDrill(drill.id);
  } catch (error) {
    if (model.value.view === sending) model.set({ view: { ...view, sending: false, error: codeOf(error) } });
  }
}
