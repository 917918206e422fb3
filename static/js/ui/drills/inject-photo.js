// The picture that an inject carries: shown, added, and taken away.

import { addInjectPhoto } from "../../actions/drills/inject-photo.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { changedInject } from "../../state/drills/plan.js";
import { photoOf } from "../../state/drills/inject-photo.js";
import { problemBelow } from "../components/fields.js";
import { icon } from "../components/icon.js";
import { picture } from "../components/picture.js";

/**
 * @param {import("../../types/drills.js").Inject} inject
 * @param {import("../components/fields.js").Editing} editing
 */
export function injectPhoto(inject, { model, id, edit, why }) {
  const { number, kind, photo_id } = inject;
  const src = photoOf(model.circleId, id, inject);
  return html`
    <div class="thing inject-photo">
      <span>${t("drills.photo")}<small>${t(kind === "telephone" ? "drills.photo_console" : "drills.photo_for")}</small></span>
      ${src ? picture(src, t("drills.photo_of", { n: number })) : nothing}
      <label class="button">${icon("plus")}<span>${t(photo_id ? "drills.photo_other" : "drills.photo_add")}</span><input class="unseen" type="file" accept="image/*" @change=${(/** @type {Event} */ event) => take(id, number, event)} /></label>
      ${photo_id ? html`<button class="button" type="button" @click=${() => edit((now) => changedInject(now, number, { photo_id: null }))}>${icon("close")}<span>${t("drills.photo_drop")}</span></button>` : nothing}
      ${problemBelow(why(`injects.${number}.photo_id`))}
    </div>
  `;
}

/**
 * @param {string} id
 * @param {number} number
 * @param {Event} event
 */
function take(id, number, { target }) {
  const input = /** @type {HTMLInputElement} */ (target);
  const [file] = input.files ?? [];
  if (file) void addInjectPhoto(id, number, file);
  // The same file chosen again is another picture.
  input.value = "";
}
