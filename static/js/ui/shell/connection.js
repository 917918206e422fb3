// Whether what is shown is true now; always in sight, in words, with its age.

import { ago } from "../../lib/format.js";
import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { icon } from "../components/icon.js";

/** Silence longer than this is worth a word even on an open line. */
const QUIET_S = 25;

/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 */
export function connectionChip({ connection }, nowMs) {
  return html`
    <p class="connection" data-phase=${connection.phase} role="status">
      ${connection.phase === "live" ? html`<span class="dot" aria-hidden="true"></span>` : icon("no_signal")}
      <span>${shortWords(connection, nowMs)}</span>
    </p>
  `;
}

/**
 * @param {import("../../types/page.js").Connection} connection
 * @param {number} nowMs
 */
function shortWords({ phase, heardAt }, nowMs) {
  const silentS = heardAt === null ? Infinity : (nowMs - heardAt) / 1000;
  if (phase === "live" && silentS > QUIET_S) return t("connection.live_heard", { ago: ago(silentS) });
  return t(`connection.${phase}`);
}

/**
 * @param {import("../../types/page.js").Model} model
 * @param {number} nowMs
 * @returns {string | null} a sentence when what is shown may not be true any more
 */
export function staleWords({ connection, cachedAt, live, outbox }, nowMs) {
  if (connection.phase === "live") return null;
  const since = cachedAt ?? connection.heardAt;
  if (!live.snapshot || since === null) return null;
  const ageS = (nowMs - since) / 1000;
  if (ageS < 6 && connection.phase !== "offline") return null;
  const words = t(connection.phase === "offline" ? "connection.offline_showing" : "connection.showing", { ago: ago(ageS) });
  return outbox.length > 0 ? `${words} ${t("connection.waiting_answers", { n: outbox.length })}` : words;
}
