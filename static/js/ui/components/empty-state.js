// When there is nothing to show: what is missing, and the next step.

import { signOut } from "../../actions/accounts/sign-in.js";
import { errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { emergencyNumbers } from "./emergency-numbers.js";
import { icon } from "./icon.js";

/** @param {import("../../types/page.js").Model} model */
export const emptyState = ({ phase, problem }) => html`
  <main class="alone">
    <div class="card">
      ${icon("no_signal")}
      <h1>${phase === "no_circle" ? t("failed.no_circle") : t("failed.title")}</h1>
      <p>${phase === "no_circle" ? t("failed.no_circle_next") : errorWords(problem ?? "no_answer")}</p>
      ${phase === "no_circle"
        ? html`<button class="button" @click=${signOut}>${t("menu.sign_out")}</button>`
        : html`<button class="button" @click=${() => location.reload()}>${t("failed.again")}</button>`}
      ${emergencyNumbers()}
    </div>
  </main>
`;
