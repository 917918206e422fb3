// What else lay beneath a finger is offered.

import { model } from "../../state/model.js";

/**
 * Offer them beside what is shown now.
 * @param {import("../../types/page.js").Beneath[]} others
 */
export function offerBeside(others) {
  model.set({ beside: others.length > 0 ? { view: model.value.view, others } : null });
}
