// The circle's ladders: which one alerts go by, what each does when, and which neighbours help. Coordinators change them.

import { t, nameOf } from "../../lib/i18n.js";
import { dayAndTime, number } from "../../lib/format.js";
import { errorWords } from "../../lib/errors.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { viewHeader } from "../components/view-header.js";
import "./catalogue-editor.js";
import "./ladder-editor.js";
import { neighboursFold } from "./neighbours.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/ladder.js").LadderProfile} LadderProfile
 * @typedef {import("../../types/ladder.js").ShownLadders} ShownLadders
 */

/**
 * @param {Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function laddersView(model) {
  const { status, value, error } = model.loaded.ladders;
  const mayEdit = may(model.live.viewer, "edit_ladders");
  const body = html`
    ${viewHeader(t("ladders.title"), { symbol: "clock", below: value ? origin(value) : nothing })}
    <p>${t("ladders.what")}${mayEdit ? nothing : ` ${t("ladders.who_may")}`}</p>
    ${status === "loading" && !value ? html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>` : nothing}
    ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
    ${value ? (mayEdit ? html`<er-ladder-editor .shown=${value} .language=${model.language}></er-ladder-editor>` : value.profiles.map((profile) => profileFold(profile, value))) : nothing}
    ${mayEdit ? neighboursFold(model) : nothing}
    ${may(model.live.viewer, "configure_alerts") ? html`<er-catalogue-editor .circleId=${model.circleId ?? ""} .current=${model.live.snapshot?.catalogue ?? null} .units=${model.live.snapshot?.units ?? []} .language=${model.language}></er-catalogue-editor>` : nothing}
  `;
  return { body };
}

/** @param {ShownLadders} shown */
function origin({ is_custom, set_by_name, set_at }) {
  if (!is_custom) return t("ladders.shipped");
  return t("ladders.own", { name: set_by_name ?? "", time: set_at ? dayAndTime(set_at) : "" });
}

/**
 * @param {LadderProfile} profile
 * @param {ShownLadders} shown
 */
const profileFold = (profile, shown) => html`
  <details class="fold">
    <summary><span>${nameOf(profile)}</span>${profile.key === shown.default ? html`<span class="mark">${t("ladders.default")}</span>` : nothing}</summary>
    <ol class="ladder-steps">
      ${profile.rungs.map((rung) => html`<li><span><strong>${nameOf(rung)}</strong><small>${t("ladders.rung", { n: number(rung.after_s), when: t(`ladder.when_${rung.condition}`) })}</small></span></li>`)}
    </ol>
    <p class="muted">${t("ladders.enough_is", { n: number(profile.enough) })}</p>
  </details>
`;
