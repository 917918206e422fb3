// Taps that the server does not take: they are shown until a person has read why.

import { dropMark } from "../../../actions/registers/mark-doors.js";
import { errorWords } from "../../../lib/errors.js";
import { hasWords, t } from "../../../lib/i18n.js";
import { html } from "../../../lib/vendor.js";
import { icon } from "../../components/icon.js";

/** @param {readonly import("../../../types/page.js").PendingMark[]} marks */
export const refusedMarks = (marks) =>
  marks
    .filter(({ refused }) => refused !== null)
    .map(({ id, label, state, refused }) => {
      const why = `roll_call.refused_${refused}`;
      return html`
        <p class="problem refused-mark" role="alert">
          <span>${label} · ${t(`roll_call.${state}`)}: ${hasWords(why) ? t(why) : errorWords(refused ?? "")}</span>
          <button class="square" aria-label=${t("roll_call.drop")} @click=${() => dropMark(id)}>${icon("close")}</button>
        </p>
      `;
    });
