// What administrators of the platform do: manage people and read the log of circles they do not belong to.

import { get } from "../../lib/api.js";
import { model } from "../../state/model.js";
import { NOTHING_YET } from "../../state/store.js";
import { closeCircle } from "./open-circle.js";

/** @returns {Promise<import("../../types/page.js").AdministeredCircle[]>} */
export const listCircles = () => get("/administration/circles");

/** Show all circles of the installation. */
export function administer() {
  closeCircle();
  model.set({ phase: "administration", circleId: null, live: NOTHING_YET, cachedAt: null, view: { name: "overview" }, madeInvitation: null });
}

/**
 * See to one of them; a way back leads to all.
 * @param {string} circleId
 * @param {import("../../types/page.js").ScreenName} screen
 */
export function administerCircle(circleId, screen) {
  model.set({ circleId, view: { name: "screen", id: screen }, madeInvitation: null });
}
