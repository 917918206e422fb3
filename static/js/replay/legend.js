// What the signs on the map mean.

import { element } from "./ground.js";
import { unitShape } from "./scene.js";

const WIDE = 34;
const HIGH = 26;

/**
 * @param {import("./story.js").Word} word
 * @returns {HTMLElement[]} one for each sign
 */
export function legendOf(word) {
  const unit = (/** @type {string} */ kind, /** @type {string | null} */ state, isOut = false) => element("g", { class: `unit ${kind}` }, ...unitShape(state, isOut));
  const line = (/** @type {string} */ whose) => ["line-ground", "line"].map((kind) => element("path", { d: "M-14 0H14", class: `closure ${whose} ${kind}` }));
  /** @type {[string, Node[]][]} */
  const signs = [
    ["place", [element("g", { class: "place" }, element("circle", { r: 10 }), element("circle", { r: 4 }))]],
    ["unit_called", [unit("", null)]],
    ["unit_coming", [unit("en_route", "en_route")]],
    ["unit_there", [unit("on_scene", "on_scene")]],
    ["unit_not_coming", [unit("declined", "declined")]],
    ["unit_at_post", [unit("at-post", null)]],
    ["unit_out", [unit("out", null, true)]],
    ["closed_drill", [...line("drilled")]],
    ["closed_really", line("real")],
    ["thrown_in", [element("g", { class: "mark" }, element("path", { d: "M0 -10L10 8H-10Z" }))]],
    ["facility", [element("g", { class: "facility" }, element("rect", { x: -4, y: -4, width: 8, height: 8, rx: 2 }))]],
  ];
  return signs.map(([key, inside]) => {
    const item = document.createElement("li");
    item.append(element("svg", { viewBox: `${-WIDE / 2} ${-HIGH / 2} ${WIDE} ${HIGH}`, width: WIDE, height: HIGH, "aria-hidden": "true" }, ...inside), word(`sign_${key}`));
    return item;
  });
}
