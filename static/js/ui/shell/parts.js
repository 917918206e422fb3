// Screens that are loaded later: whether they are here, and what is shown until then.

import { untilLoaded } from "../../lib/until-loaded.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { model } from "../../state/model.js";
import { emergencyNumbers } from "../components/emergency-numbers.js";

/**
 * @template T
 * @param {"screens" | "studio" | "participant" | "registers"} field  of the model, which says whether it is here
 * @param {() => Promise<T>} load  an `import()`
 * @returns {{ load: () => Promise<void>, here: () => T | null }} `here` asks for it and gives null until it is here; the model changes then
 */
function part(field, load) {
  /** @type {T | null} */
  let loaded = null;
  let asked = false;
  const ask = async () => {
    if (asked) return;
    asked = true;
    loaded = await untilLoaded(load, () => model.set({ [field]: "missing" }));
    model.set({ [field]: "here" });
  };
  return {
    load: ask,
    here() {
      void ask();
      return loaded;
    },
  };
}

/** `loadScreens` without waiting for a person to want one: a page that is open for weeks shall not miss them when the network is gone. */
export const { load: loadScreens, here: screens } = part("screens", () => import("./screens.js"));

/** Taking part in a drill that runs: what is seen, lanes that are clear, what it closes on the map. */
export const { here: participant } = part("participant", () => import("../drills/run/participant.js"));

/** Planning drills, for those who do. */
export const { here: studio } = part("studio", () => import("../drills/studio.js"));

/** Hazards, facilities, households and duties between alerts. */
export const { here: registers } = part("registers", () => import("../registers/registers.js"));

/**
 * @param {import("../../types/page.js").Model} value
 * @param {"screens" | "studio" | "participant" | "registers"} [which]
 */
export const untilHere = (value, which = "screens") => html`
  <div class="empty" role="status">
    <p>${t(value[which] === "missing" ? "screens.missing" : "screens.loading")}</p>
    <div class="progress"></div>
    ${value[which] === "missing" ? html`<button class="button" @click=${() => location.reload()}>${t("failed.again")}</button>${emergencyNumbers()}` : nothing}
  </div>
`;
