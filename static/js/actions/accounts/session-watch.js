// When another person ends the session, or takes the person from the circle: the page leaves at once, and says why.

import { get } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { nameOf, t } from "../../lib/i18n.js";
import { model, toast } from "../../state/model.js";
import { forgetCachedCircle } from "../../state/offline-cache.js";
import { NOTHING_YET } from "../../state/store.js";
import { leaveAccount } from "./leave-account.js";
import { closeCircle } from "./open-circle.js";
import { enter } from "./start.js";

/** Watch the live line from now on. */
export function watchSession() {
  model.listen((value) => {
    const { connection } = value;
    // After the other listeners: they still look at the circle.
    if (connection.problem === "not_signed_in") queueMicrotask(leaveAccount);
    if (connection.problem === "not_found" && value.circleId) queueMicrotask(() => void leaveCircle(String(value.circleId)));
  }, ["connection"]);
}

/** @param {string} circleId */
async function leaveCircle(circleId) {
  if (model.value.circleId !== circleId || model.value.phase !== "open") return;
  const gone = model.value.circles.find(({ id }) => id === circleId);
  closeCircle();
  forgetCachedCircle(circleId);
  model.set({ phase: "starting", circleId: null, live: NOTHING_YET, view: { name: "overview" }, madeInvitation: null });
  toast(t("circle.left", { name: gone ? nameOf(gone) : "" }), "problem");
  try {
    enter(await get("/session"));
  } catch (error) {
    model.set({ phase: "failed", problem: codeOf(error) });
  }
}
