// Screens that are loaded later: whether they are here, and what is shown until then.

import { untilLoaded } from "../../lib/until-loaded.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { model } from "../../state/model.js";
import { emergencyNumbers } from "../components/emergency-numbers.js";

/** @type {typeof import("./screens.js") | null} */
let here = null;
let asked = false;

/** @returns {typeof import("./screens.js") | null} null until they are here; the model changes then */
export function screens() {
  void loadScreens();
  return here;
}

/** Without waiting for a person to want one: a page that is open for weeks shall not miss them when the network is gone. */
export async function loadScreens() {
  if (asked) return;
  asked = true;
  here = await untilLoaded(() => import("./screens.js"), () => model.set({ screens: "missing" }));
  model.set({ screens: "here" });
}

/** @param {import("../../types/page.js").Model} value */
export const untilHere = ({ screens: state }) => html`
  <div class="empty" role="status">
    <p>${t(state === "missing" ? "screens.missing" : "screens.loading")}</p>
    <div class="progress"></div>
    ${state === "missing" ? html`<button class="button" @click=${() => location.reload()}>${t("failed.again")}</button>${emergencyNumbers()}` : nothing}
  </div>
`;
