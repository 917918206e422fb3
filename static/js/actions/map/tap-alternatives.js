// What lay beneath a finger: one is shown, the others are offered.

import { model } from "../../state/model.js";
import { showBuilding, showThing } from "./navigation.js";

/** @typedef {import("../../types/page.js").Beneath} Beneath */

/** @param {Beneath} beneath */
export function showBeneath({ kind, id }) {
  if (kind !== "building") return showThing(kind, id);
  const building = model.value.buildings.value?.find((each) => each.id === id);
  if (building) showBuilding(building);
}

/**
 * Offer them beside what is shown now.
 * @param {Beneath[]} others
 */
export function offerBeside(others) {
  model.set({ beside: others.length > 0 ? { view: model.value.view, others } : null });
}
