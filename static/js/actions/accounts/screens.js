// The screens about accounts and people, which take the panel's place.

import { model } from "../../state/model.js";

/** @param {import("../../types/page.js").ScreenName} id */
export function showScreen(id) {
  model.set({ view: { name: "screen", id }, focusedUnitId: null, alternatives: null });
}
