// What is looked after between alerts, each with what is waiting there.

import { goBack, showOverview, showRegister } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { html } from "../../lib/vendor.js";
import { may } from "../../state/access.js";
import { listRow } from "../components/list-row.js";
import { viewHeader } from "../components/view-header.js";
import { reportsWaiting } from "./reports/report-list.js";
import "./pact/on-call.js";

import { facilitiesWaiting } from "./facility-list.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 *
 * @typedef {object} Register
 * @property {string} name  its words are `registers.<name>`
 * @property {string} symbol
 * @property {(model: Model) => boolean} isShown
 * @property {(model: Model) => string} waiting  what is to be done there
 * @property {import("../../types/page.js").RegisterPage} page
 */

/** @type {readonly Register[]} */
const REGISTERS = [
  { name: "hazards", symbol: "warning", isShown: () => true, waiting: hazardsWaiting, page: "hazards" },
  { name: "households", symbol: "people", isShown: ({ live }) => may(live.viewer, "manage_households"), waiting: () => t("registers.households_means"), page: "households" },
  { name: "alley_sheet", symbol: "copy", isShown: () => true, waiting: () => t("registers.alley_sheet_means"), page: "alley_sheet" },
  { name: "reports", symbol: "people", isShown: ({ live }) => may(live.viewer, "manage_reports"), waiting: reportsWaiting, page: "reports" },
  { name: "facilities", symbol: "hydrant", isShown: () => true, waiting: facilitiesWaiting, page: "facilities" },
  { name: "pact", symbol: "script", isShown: () => true, waiting: () => t("pact.means"), page: "pact" },
  { name: "roster", symbol: "calendar", isShown: () => true, waiting: () => t("roster.means"), page: "roster" },
];

/**
 * @param {Model} model
 * @returns {import("../../types/page.js").PanelView}
 */
export function registersView(model) {
  const body = html`
    ${viewHeader(t("registers.title"), { symbol: "check", below: t("registers.means"), back: () => goBack(showOverview) })}
    <er-on-call .model=${model} .language=${model.language}></er-on-call>
    ${REGISTERS.filter(({ isShown }) => isShown(model)).map(({ name, symbol, waiting, page }) => listRow(symbol, t(`registers.${name}`), { below: waiting(model), act: () => showRegister(page) }))}
  `;
  return { body };
}

/** @param {Model} model */
function hazardsWaiting({ live }) {
  const open = (live.snapshot?.hazards ?? []).filter(({ state }) => state !== "closed");
  const major = open.filter(({ grade }) => grade === "major").length;
  if (open.length === 0) return t("registers.hazards_none_open");
  return [t("registers.hazards_open", { n: open.length }), ...(major > 0 ? [t("registers.major", { n: major })] : [])].join(" · ");
}
