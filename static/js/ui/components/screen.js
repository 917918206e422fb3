// The frame of the screens about accounts and people: a way back, a name, and the way to those beside it.

import { showScreen } from "../../actions/accounts/screens.js";
import { showOverview } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { may, mayHere } from "../../state/access.js";
import { icon } from "./icon.js";

/** @typedef {import("../../types/page.js").ScreenName} ScreenName */

/** @type {readonly { id: ScreenName, needs: string | null }[]} */
const MINE = [
  { id: "my_channels", needs: "answer_alert" },
  { id: "sessions", needs: null },
  { id: "password", needs: null },
];
/** @type {readonly { id: ScreenName, needs: string | null }[]} */
const CIRCLES = [
  { id: "people", needs: "manage_people" },
  { id: "invitations", needs: "manage_people" },
  { id: "channels", needs: "manage_channels" },
  { id: "imports", needs: "edit_map" },
  { id: "audit", needs: "read_audit" },
];

/**
 * @param {import("../../types/page.js").Model} model
 * @returns {ScreenName[]} of the circle, as far as the viewer may
 */
export function circleScreens(model) {
  return CIRCLES.filter(({ needs }) => needs === null || mayHere(model, needs)).map(({ id }) => id);
}

/**
 * @param {import("../../types/page.js").Model} model
 * @param {ScreenName} id
 * @param {{ body: unknown, problem?: string | null }} more
 */
export function screen(model, id, { body, problem = null }) {
  const mine = MINE.some((each) => each.id === id);
  const siblings = mine ? MINE.filter(({ needs }) => needs === null || may(model.live.viewer, needs)).map((each) => each.id) : circleScreens(model);
  return html`
    <main class="screen" aria-labelledby="screen-title">
      <header class="view-header">
        <button class="square" aria-label=${t("action.back")} @click=${showOverview}>${icon("back")}</button>
        <h2 id="screen-title" tabindex="-1">${t(`screen.${id}`)}</h2>
      </header>
      <nav class="segments" aria-label=${t(mine ? "screens.mine" : "screens.circle")}>
        ${siblings.map(
          (each) => html`<button aria-current=${each === id ? "page" : "false"} @click=${() => showScreen(each)}>${t(`screen.${each}`)}</button>`,
        )}
      </nav>
      <div class="screen-body">
        ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
        ${body}
      </div>
    </main>
  `;
}
