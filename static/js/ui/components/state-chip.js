// How far a person has come with a call, in a word.

import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";

/**
 * @param {string} state
 * @param {{ waiting?: boolean }} [how]  `waiting`: done on this device, not yet at the server
 */
export const stateChip = (state, { waiting = false } = {}) => html`
  <span class="state" data-state=${state} ?data-waiting=${waiting}>${t(`state.${state}`)}${waiting ? html`<small>${t("state.waiting")}</small>` : ""}</span>
`;
