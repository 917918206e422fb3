// What residents reported: what waits for a decision, what was decided, and the code by which they report.

import { goBack, showRegister } from "../../../actions/map/navigation.js";
import { errorWords } from "../../../lib/errors.js";
import { t } from "../../../lib/i18n.js";
import { html, nothing, repeat } from "../../../lib/vendor.js";
import { viewHeader } from "../../components/view-header.js";
import "./decided-report.js";
import "./report-link.js";
import "./waiting-report.js";

/** @typedef {import("../../../types/page.js").Model} Model */

/**
 * @param {Model} model
 * @returns {import("../../../types/page.js").PanelView}
 */
export function reportListView(model) {
  const { waitingReports: waiting, decidedReports: decided } = model.loaded;
  const body = html`
    ${viewHeader(t("registers.reports"), { symbol: "people", below: t("reports.means"), back: () => goBack(() => showRegister("home")) })}
    ${waiting.status === "failed" && waiting.error ? html`<p class="problem" role="alert">${errorWords(waiting.error)}</p>` : nothing}
    <h3 role="status">${waiting.value ? t("reports.waiting", { n: waiting.value.waiting }) : t("screens.loading")}</h3>
    ${waiting.value
      ? repeat(
          waiting.value.reports,
          ({ report }) => report.id,
          ({ report }) => html`<er-waiting-report .model=${model} .report=${report}></er-waiting-report>`,
        )
      : nothing}
    ${waiting.value?.next ? html`<p class="muted">${t("reports.more_wait")}</p>` : nothing}
    <er-report-link .circleId=${model.circleId} .language=${model.language}></er-report-link>
    <details class="fold">
      <summary><span>${t("reports.decided", { n: (decided.value?.accepted ?? 0) + (decided.value?.dismissed ?? 0) })}</span></summary>
      ${decided.value
        ? repeat(
            decided.value.reports,
            ({ report }) => report.id,
            (each) => html`<er-decided-report .listed=${each} .language=${model.language}></er-decided-report>`,
          )
        : nothing}
    </details>
  `;
  return { body };
}

/** @param {Model} model */
export function reportsWaiting({ loaded }) {
  const n = loaded.waitingReports.value?.waiting;
  if (n === undefined) return t("reports.means");
  return n === 0 ? t("reports.none_waiting") : t("reports.waiting", { n });
}
