// What else lay beneath a finger is offered.

import { model } from "../../state/model.js";

/**
 * Offer them beside what is shown now.
 * @param {import("../../types/page.js").TapTarget[]} others
 */
export function offerAlternatives(others) {
  model.set({ alternatives: others.length > 0 ? { view: model.value.view, others } : null });
}
