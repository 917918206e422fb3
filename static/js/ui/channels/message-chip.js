// How far a message has come, and why it went no further.

import { hasWords, t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";

/** @param {string} state */
export const messageChip = (state) => html`<span class="state" data-message=${state}>${t(`message_state.${state}`)}</span>`;

/** @param {{ reason: string, detail: string }} message */
export function whyWords({ reason, detail }) {
  if (!reason) return "";
  const words = hasWords(`message_reason.${reason}`) ? t(`message_reason.${reason}`) : reason;
  return detail ? `${words} (${detail})` : words;
}
