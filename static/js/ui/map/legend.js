// What the map shows, and switches for it.

import { showCriticality, showProfiles } from "../../actions/map/navigation.js";
import { chooseBandProfile, toggleLayer } from "../../actions/accounts/preferences.js";
import { t } from "../../lib/i18n.js";
import { errorWords } from "../../lib/errors.js";
import { PROFILES } from "../../state/figures.js";
import { ongoingDrills } from "../../state/drills/ongoing.js";
import { LAYERS } from "../../state/layers.js";
import { html, nothing } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";
import { listRow } from "../components/list-row.js";

/** @typedef {import("../../types/page.js").LayerName} LayerName */

/** @type {readonly { name: LayerName, sample: string }[]} */
const SWITCHES = [
  ...LAYERS.map(({ name, shape }) => ({ name, sample: shape })),
  { name: "bands", sample: "bands" },
  { name: "labels", sample: "labels" },
];
const MINUTES = [5, 10, 15];

/**
 * @param {import("../../types/page.js").Model} model
 * @param {() => void} shut
 */
export function legend(model, shut) {
  return html`
    <section class="legend card" aria-label=${t("map.layers")}>
      <header>
        <h2>${t("map.layers")}</h2>
        <button class="square" aria-label=${t("action.close")} @click=${shut}>${icon("close")}</button>
      </header>
      ${SWITCHES.map(
        ({ name, sample }) => html`
          <label class="switch">
            <span class="sample sample-${sample}" aria-hidden="true"></span>
            <span>${t(`layer.${name}`)}</span>
            <input type="checkbox" role="switch" .checked=${model.layers[name]} @change=${() => toggleLayer(name)} />
          </label>
          ${name === "bands" && model.layers.bands ? bandChoice(model) : nothing}
        `,
      )}
      ${ongoingDrills(model.live).length > 0 ? html`<p class="switch"><span class="sample sample-drill" aria-hidden="true"></span><span>${t("observe.legend")}</span></p>` : nothing}
      ${ongoingDrills(model.live).some(({ units_out }) => units_out.length > 0) ? html`<p class="switch"><span class="sample sample-out" aria-hidden="true"></span><span>${t("observe.legend_out")}</span></p>` : nothing}
      <p class="muted">${t("legend.narrow")}</p>
      <p class="muted">${t("legend.width_unread")}</p>
      ${listRow("barrier", t("critical.title"), { below: t("critical.open"), act: leave(shut, showCriticality) })}
      ${listRow("clock", t("times.title"), { below: t("times.open"), act: leave(shut, showProfiles) })}
    </section>
  `;
}

/**
 * @param {() => void} shut
 * @param {() => void} show
 */
const leave = (shut, show) => () => {
  shut();
  show();
};

/** @param {import("../../types/page.js").Model} model */
function bandChoice({ bandProfile, loaded: { bands } }) {
  const choose = (/** @type {Event} */ event) => chooseBandProfile(/** @type {HTMLSelectElement} */ (event.target).value);
  return html`
    <div class="band-choice">
      <label>
        ${t("legend.band_profile")}
        <select @change=${choose}>
          ${PROFILES.map((each) => html`<option value=${each} ?selected=${each === bandProfile}>${t(`profile.${each}`)}</option>`)}
        </select>
      </label>
      <p class="band-key">${MINUTES.map((n) => html`<span class="band band-${n}">${t("unit.minutes", { n })}</span>`)}</p>
      <p class="muted">${bands.status === "failed" && bands.error ? errorWords(bands.error) : t("legend.bands_note")}</p>
    </div>
  `;
}
