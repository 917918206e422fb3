// The mark over the whole map of an exercise, so that it is not taken for real.

import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";

const TIMES = Array.from({ length: 24 });

export const exerciseWatermark = () => html`
  <div class="exercise-watermark" aria-hidden="true">${TIMES.map(() => html`<span>${t("exercise.prefix")}</span>`)}</div>
`;
