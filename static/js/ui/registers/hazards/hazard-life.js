// What was done about a hazard, what rests on it, and the one next step.

import { narrowLane } from "../../../actions/registers/hazards.js";
import { ago } from "../../../lib/format.js";
import { codeOf, errorWords } from "../../../lib/errors.js";
import { language, nameOf, t } from "../../../lib/i18n.js";
import { html, nothing } from "../../../lib/vendor.js";
import { may } from "../../../state/access.js";
import { dayWords } from "../../../state/drills/drill-words.js";
import { toast } from "../../../state/model.js";
import { numberField } from "../../components/fields.js";
import { icon } from "../../components/icon.js";
import { picture } from "../../components/picture.js";
import "./hazard-step.js";

/**
 * @typedef {import("../../../types/page.js").Model} Model
 * @typedef {import("../../../types/messages.js").Hazard} Hazard
 * @typedef {import("../../../types/hazards.js").HazardStep} HazardStep
 */

/** @type {Readonly<Partial<Record<Hazard["state"], import("../../../types/hazards.js").HazardStepKind>>>} */
const NEXT = { seen: "assign", assigned: "start", mending: "mend", mended: "verify", verified: "close" };

/**
 * @param {Model} model
 * @param {Hazard} hazard
 * @param {number} nowMs
 * @returns {import("../../../types/page.js").PanelView}
 */
export function hazardLife(model, hazard, nowMs) {
  const { value: life, error } = model.loaded.hazardLife;
  const its = life?.hazard.id === hazard.id ? life : null;
  const next = its?.possible.find((kind) => kind === NEXT[its.hazard.state]);
  const others = its?.possible.filter((kind) => kind !== next) ?? [];
  const body = html`
    ${responsible(model, hazard)}
    ${its && its.closed_before > 0 ? html`<p class="notice">${icon("warning")}<span>${t("hazard_life.closed_before", { n: its.closed_before })}</span></p>` : nothing}
    ${hazard.reopened_count > 0 ? html`<p class="muted">${t("hazard_life.reopened_times", { n: hazard.reopened_count })}</p>` : nothing}
    ${!its && error ? html`<p class="problem" role="alert">${errorWords(error)}</p>` : nothing}
    ${its ? html`<h3>${t("hazard_life.history")}</h3>${history(its.steps, model, nowMs)}` : nothing}
    ${others.map((kind) => html`<details class="fold" data-part=${kind}><summary><span>${t(`hazard_step.${kind}`)}</span></summary><er-hazard-step .model=${model} .hazard=${hazard} .life=${its} .kind=${kind}></er-hazard-step></details>`)}
    ${lane(model, hazard)} ${basis(model, hazard)}
  `;
  const actions = next ? html`<er-hazard-step .model=${model} .hazard=${hazard} .life=${its} .kind=${next} .isMain=${true}></er-hazard-step>` : undefined;
  return { body, ...(actions ? { actions } : {}) };
}

/**
 * @param {Model} model
 * @param {Hazard} hazard
 */
function responsible({ live, loaded }, { id, owner_id, due_on, state }) {
  const owner = live.snapshot?.partners.find((each) => each.id === owner_id);
  const late = loaded.hazardFollowUp.value?.overdue.includes(id) ?? false;
  const due = due_on && state !== "closed" ? html`<span class="due" ?data-late=${late}>${t(late ? "hazard_life.overdue_since" : "hazard_life.due", { day: dayWords(due_on) })}</span>` : nothing;
  return html`<p class="responsible"><span>${owner ? t("hazard_life.owner", { name: nameOf(owner) }) : t("hazard_life.no_owner")}</span>${due}</p>`;
}

/**
 * @param {readonly HazardStep[]} steps
 * @param {Model} model
 * @param {number} nowMs
 */
function history(steps, { circleId, view, live }, nowMs) {
  if (steps.length === 0) return html`<p class="muted">${t("hazard_life.no_history")}</p>`;
  const path = `/api/circles/${circleId}/hazards/${"id" in view ? view.id : ""}/photos/`;
  const ownerOf = (/** @type {HazardStep} */ { owner_id }) => live.snapshot?.partners.find(({ id }) => id === owner_id);
  return html`<ol class="history">
    ${[...steps].reverse().map((step) => {
      const { kind, at, by_name, note, photo_id, source, due_on } = step;
      const owner = ownerOf(step);
      const more = kind === "assign" && owner ? t("hazard_life.assigned_to", { name: nameOf(owner), day: due_on ? dayWords(due_on) : "" }) : kind === "record" ? t(`hazard_source.${source}`) : "";
      return html`<li>
        <div>
          <strong>${t(`hazard_done.${kind}`)}</strong>
          <small class="muted">${[by_name, ago((nowMs - Date.parse(at)) / 1000), more].filter(Boolean).join(" · ")}</small>
          ${note ? html`<p>${note}</p>` : nothing}
        </div>
        ${photo_id ? picture(`${path}${photo_id}`, t("hazard_life.photo"), `${path}${photo_id}?small=true`) : nothing}
      </li>`;
    })}
  </ol>`;
}

/**
 * What it leaves free of the lane: a closure from that moment.
 * @param {Model} model
 * @param {Hazard} hazard
 */
function lane({ live }, { id, state }) {
  if (state === "closed" || !may(live.viewer, "set_closure")) return nothing;
  const its = live.snapshot?.closures.find(({ hazard_id }) => hazard_id === id);
  const set = async (/** @type {number | null} */ width) => {
    try {
      await narrowLane(id, width);
      toast(t(width === null ? "hazard_life.lane_free" : "hazard_life.lane_set"));
    } catch (error) {
      toast(errorWords(codeOf(error)), "problem");
    }
  };
  return html`<details class="fold" data-part="lane">
    <summary><span>${t("hazard_life.lane")}</span></summary>
    <p class="muted">${t("hazard_life.lane_means")}</p>
    ${numberField(t("hazard_life.clear_width"), its ? (its.wider_than_m ?? 0) : null, (width) => void (width !== null && set(width)), { least: 0, most: 50, required: false, step: 0.1 })}
    <div class="choices">
      <button class="button" type="button" @click=${() => set(0)}>${t("hazard_life.lane_blocked")}</button>
      ${its ? html`<button class="button" type="button" @click=${() => set(null)}>${t("hazard_life.lane_open")}</button>` : nothing}
    </div>
  </details>`;
}

/**
 * The law or standard, and how sure it is that it says so.
 * @param {Model} model
 * @param {Hazard} hazard
 */
function basis({ loaded }, { kind }) {
  const { value } = loaded.hazardFollowUp;
  if (!value) return nothing;
  const { kinds, grades, due } = value.rules;
  const all = [...(kinds.find(({ code }) => code === kind)?.citations ?? []), grades, due];
  const zh = language().startsWith("zh");
  return html`<details class="fold" data-part="basis">
    <summary><span>${t("hazard_life.basis")}</span></summary>
    <ul class="basis">
      ${all.map((each) => html`<li><strong>${zh ? each.source : each.source_en}</strong><span>${zh ? each.says : each.says_en}</span><small class="muted">${t(`standing.${each.standing}`)}</small></li>`)}
    </ul>
  </details>`;
}
