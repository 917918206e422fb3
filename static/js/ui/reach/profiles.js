// About the times: how fast, wide and high each way of moving is taken to be, from where, and changing it.

import { dropEdits, editAllToDefault, saveEdits, startEditing, undoSave } from "../../actions/reach/profiles.js";
import { errorWords } from "../../lib/errors.js";
import { dayAndTime, number } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { groupsOf, PROFILES, summarize } from "../../state/figures.js";
import { icon } from "../components/icon.js";
import { viewHeader } from "../components/view-header.js";
import { profileField, figureWords, sourceWords } from "./profile-field.js";

/**
 * @typedef {import("../../state/figures.js").Group} Group
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/reach.js").ShownProfiles} ShownProfiles
 */

/**
 * @param {Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function profilesView(model) {
  const { status, value, error } = model.loaded.profiles;
  const { open } = model.profileEdits;
  const mayEdit = may(model.live.viewer, "edit_map");
  const body = html`
    ${viewHeader(t("times.title"), { symbol: "clock", below: value ? origin(value) : nothing })}
    <p>${t(open ? "times.editing" : "times.what")}${mayEdit ? nothing : ` ${t("times.who_may")}`}</p>
    ${status === "loading" && !value ? html`<p class="muted" role="status">${t("panel.loading")}</p><div class="progress"></div>` : nothing}
    ${status === "failed" ? html`<p class="problem" role="alert">${errorWords(error ?? "no_answer")}</p>` : nothing}
    ${value ? groupsOf(value).map((group) => groupFold(group, value, model)) : nothing}
    ${value && open && value.is_custom ? html`<button class="button" @click=${editAllToDefault}>${icon("undo")}<span>${t("times.all_to_default")}</span></button>` : nothing}
    ${value ? workingDays(value) : nothing} ${value ? standings() : nothing}
  `;
  return value && mayEdit ? { body, actions: actions(value, model) } : { body };
}

/** @param {ShownProfiles} shown */
function origin({ is_custom, set_by_name, set_at }) {
  if (!is_custom) return t("times.shipped");
  return t("times.own", { name: set_by_name ?? "", time: set_at ? dayAndTime(set_at) : "" });
}

/**
 * @param {Group} group
 * @param {ShownProfiles} shown
 * @param {Model} model
 */
function groupFold(group, shown, { profileEdits }) {
  const { own, unsaved } = summarize([group], profileEdits.typed);
  const saved = own.filter((each) => !each.unsaved);
  return html`
    <details class="fold figures-of" data-group=${group.id}>
      <summary>
        ${icon(PROFILES.includes(group.id) ? group.id : group.id === "roads" ? "north" : "gate")}
        <span>${groupWords(group)}</span>
        ${saved.length > 0 ? html`<span class="mark">${t("times.count_own", { n: number(saved.length) })}</span>` : nothing}
        ${unsaved.length > 0 ? html`<span class="mark unsaved">${t("times.count_unsaved", { n: number(unsaved.length) })}</span>` : nothing}
      </summary>
      ${group.sections.map(
        (section) => html`
          ${section.figures.length > 1 || group.id === "barriers" || section.name === "parked"
            ? html`<h4>${group.id === "barriers" ? t(`barrier.${section.name}`) : section.name === "roads" ? nothing : t(`times.${section.name}`)}</h4>`
            : nothing}
          <ul class="figures">
            ${section.figures.map((figure) => profileField(figure, profileEdits))}
          </ul>
          <p class="muted source">${sourceWords(section.source, shown, { own: own.some((each) => each.section === section) })}</p>
        `,
      )}
    </details>
  `;
}

/** @param {Group} group */
const groupWords = ({ id }) => t(PROFILES.includes(id) ? `profile.${id}` : `times.${id}`);

/**
 * @param {ShownProfiles} shown
 * @param {Model} model
 */
function actions(shown, { profileEdits }) {
  const { open, sending, undo } = profileEdits;
  if (!open) {
    return html`
      ${refusal(shown, profileEdits)}
      <div class="choices">
        <button class="button big" @click=${startEditing}>${t("times.edit")}</button>
        ${undo ? html`<button class="button big" ?disabled=${sending} @click=${undoSave}>${icon("undo")}<span>${t("times.undo")}</span></button>` : nothing}
      </div>
    `;
  }
  const { unsaved, wrong } = summarize(groupsOf(shown), profileEdits.typed);
  const some = unsaved.length > 0;
  return html`
    ${wrong ? html`<p class="problem" role="alert">${wrongWords(wrong, "times.wrong")}</p>` : refusal(shown, profileEdits)}
    <div class="choices">
      <button class="button primary big" ?disabled=${!some || wrong !== null || sending} @click=${saveEdits}>
        ${sending ? t("times.saving") : some ? t("times.save", { n: number(unsaved.length) }) : t("times.unchanged")}
      </button>
      <button class="button big" ?disabled=${sending} @click=${dropEdits}>${t(some ? "times.drop" : "times.stop")}</button>
    </div>
  `;
}

/**
 * @param {{ group: Group, section: import("../../state/figures.js").Section, figure: import("../../state/figures.js").Figure }} where
 * @param {string} key
 */
const wrongWords = ({ group, section, figure }, key) =>
  t(key, {
    group: group.id === "barriers" ? t(`barrier.${section.name}`) : groupWords(group),
    figure: figureWords(figure),
    min: number(figure.range.min),
    max: number(figure.range.max),
  });

/**
 * Why what was asked for was not done.
 * @param {ShownProfiles} shown
 * @param {import("../../types/page.js").ProfileEdits} edits
 */
function refusal(shown, { refused }) {
  if (!refused) return nothing;
  const { code, field, by } = refused;
  if (code === "edit_conflict") return html`<p class="problem" role="alert">${by ? t("times.changed_by", { name: by }) : t("times.changed_back")}</p>`;
  const all = groupsOf(shown).flatMap((group) => group.sections.flatMap((section) => section.figures.map((figure) => ({ group, section, figure }))));
  const where = all.find(({ figure }) => figure.path === field);
  return html`<p class="problem" role="alert">${where ? wrongWords(where, "times.refused") : errorWords(code)}</p>`;
}

/** @param {ShownProfiles} shown */
function workingDays({ working_days }) {
  const year = new Intl.DateTimeFormat("en", { year: "numeric", timeZone: "Asia/Shanghai" }).format(new Date());
  return html`
    <details class="fold" data-working-days>
      <summary>${icon("clock")}<span>${t("times.working_days", { years: Object.keys(working_days).join(", ") })}</span></summary>
      <ul>
        ${Object.values(working_days).map((source) => html`<li class="muted">${source}</li>`)}
      </ul>
    </details>
    ${year in working_days ? nothing : html`<p class="problem" data-unannounced>${t("reach.unannounced", { year })}</p>`}
  `;
}

const standings = () => html`<p class="muted">${["A", "B", "C"].map((each) => html`${each} ${t(`standing.${each}`)}<br />`)}</p>`;
