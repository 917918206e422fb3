// The screens about accounts and people, which take the panel's place.

import { model } from "../model.js";

/** @param {import("../types.js").ScreenName} id */
export function showScreen(id) {
  model.set({ view: { name: "screen", id }, focusedUnitId: null, beside: null });
}
