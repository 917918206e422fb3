// From where a person came to a drill, to its console, to what they write down of it, or to a register.

import { model } from "../../state/model.js";

/** @typedef {import("../../types/page.js").View} View */

/** By what is shown. @type {Map<string, View>} */
const openedFrom = new Map();
/** From these a person comes to a drill or a register; others lie below it, and lead back to it. */
const LEAD_ON = new Set(["overview", "incident", "place", "drills", "programme", "finding", "drill", "drill_run", "drill_observe", "register"]);

/** @param {View} view */
const keyOf = (view) => `${view.name} ${"page" in view ? view.page : ""} ${"id" in view ? view.id : ""}`;

/** Remember what is on screen as the way back from what comes now, unless that is the way back itself. @param {View} to */
export function remember(to) {
  const { view: from } = model.value;
  if (LEAD_ON.has(from.name) && !wasOpenedFrom(from, keyOf(to))) openedFrom.set(keyOf(to), from);
}

/** @returns {View | null} */
export function cameFrom() {
  const from = openedFrom.get(keyOf(model.value.view));
  if (!from) return null;
  // What was on its way when it was left has arrived.
  return from.name === "drill_run" || from.name === "drill_observe" ? { ...from, sending: null } : from;
}

/**
 * @param {View} view
 * @param {string} key
 */
function wasOpenedFrom(view, key) {
  /** @type {View | undefined} */
  let at = view;
  for (const seen = new Set(); at && !seen.has(keyOf(at)); at = openedFrom.get(keyOf(at))) {
    if (keyOf(at) === key) return true;
    seen.add(keyOf(at));
  }
  return false;
}
