// Where a new password is written: once, and it can be looked at, which catches more slips than writing it twice.

import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { SHORTEST } from "../../state/password-rules.js";

/** @param {{ seen: boolean, see: (seen: boolean) => void }} how */
export const newPasswordField = ({ seen, see }) => html`
  <label>
    ${t("password.new")}
    <input
      name="password"
      type=${seen ? "text" : "password"}
      autocomplete="new-password"
      autocapitalize="none"
      spellcheck="false"
      aria-describedby="password-hint"
      required
      minlength=${SHORTEST}
      maxlength="200"
    />
  </label>
  <p class="muted" id="password-hint">${t("password.hint", { n: SHORTEST })}</p>
  <label class="switch">
    <span>${t("password.show")}</span>
    <input type="checkbox" role="switch" .checked=${seen} @change=${(/** @type {Event} */ event) => see(/** @type {HTMLInputElement} */ (event.target).checked)} />
  </label>
`;
