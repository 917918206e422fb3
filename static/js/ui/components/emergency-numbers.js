// 119, 120, 110: this page never replaces them.

import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";

const NUMBERS = ["119", "120", "110"];

export const emergencyNumbers = () => html`
  <p class="numbers">
    <span>${t("call.never_replaces")}</span>
    ${NUMBERS.map((number) => html`<a class="number" href="tel:${number}">${number}<small>${t(`call.who_${number}`)}</small></a>`)}
  </p>
`;
