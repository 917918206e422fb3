// The line at the top: which circle, whether it is live, and the menu.

import { nameOf, t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { connectionChip } from "./connection.js";
import "./menu.js";


/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function topBar(model, nowMs) {
  const circle = model.live.snapshot?.circle ?? model.circles.find(({ id }) => id === model.circleId);
  return html`
    <div class="bar">
      <er-menu .model=${model}></er-menu>
      <h1>
        <span class="circle-name">${circle ? nameOf(circle) : t("app.title")}</span>
        <small>${model.account?.name ?? model.live.viewer?.name ?? ""}</small>
      </h1>
      ${connectionChip(model, nowMs)}
      <a class="number" href="tel:119" aria-label=${t("call.dial_119")}>119</a>
    </div>
  `;
}
