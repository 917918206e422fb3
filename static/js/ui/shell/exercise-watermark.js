// The mark over the whole map of an exercise: nobody takes it for real.

import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";

const TIMES = Array.from({ length: 24 });

export const exerciseVeil = () => html`
  <div class="exercise-veil" aria-hidden="true">${TIMES.map(() => html`<span>${t("exercise.prefix")}</span>`)}</div>
`;
