// Daily work between alerts: loaded when a person opens it, with words and styles of its own.

import { startAskingForHazards } from "../../actions/registers/hazards.js";
import { startMarking } from "../../actions/registers/mark-doors.js";
import { startAskingForReports } from "../../actions/registers/reports.js";
import { addressOf } from "../../lib/addresses.js";
import { addWords } from "../../lib/i18n.js";
import en from "../../../locales/registers/en.json" with { type: "json" };
import zh from "../../../locales/registers/zh-CN.json" with { type: "json" };

import { alleySheetView } from "./alley-sheet.js";
import { startAskingForInspections } from "../../actions/registers/inspect.js";

import { facilityListView } from "./facility-list.js";
import { inspectionHistoryView, inspectionView } from "./inspections.js";
import { hazardListView } from "./hazards/hazard-list.js";
import { dutyScoreView } from "./pact/duty-score.js";
import { pactView } from "./pact/pact-view.js";
import { rosterView } from "./pact/roster-view.js";
import { registersView } from "./register-list.js";
import { householdsView } from "./households/household-list.js";
import { rollCallView } from "./roll-call/roll-call.js";
import { reportListView } from "./reports/report-list.js";

export { hazardLife } from "./hazards/hazard-life.js";

/**
 * @typedef {import("../../types/page.js").Model} Model
 * @typedef {import("../../types/page.js").RegisterView} RegisterView
 */

/** @type {Readonly<Record<import("../../types/page.js").RegisterPage, (model: Model, view: RegisterView, nowMs: number) => import("../../types/page.js").PanelView>>} */
const PAGES = {
  home: registersView,
  hazards: hazardListView,
  households: householdsView,
  roll_call: rollCallView,
  alley_sheet: alleySheetView,
  reports: reportListView,
  facilities: facilityListView,
  inspection: inspectionView,
  inspections: inspectionHistoryView,
  pact: pactView,
  duties: dutyScoreView,
  roster: rosterView,
};

/**
 * @param {Model} model
 * @param {RegisterView} view
 * @param {number} nowMs
 */
export const registerView = (model, view, nowMs) => PAGES[view.page](model, view, nowMs);

startAskingForInspections();
addWords({ "zh-CN": zh, en });
document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: addressOf("registers-styles") }));
startMarking();
startAskingForReports();
startAskingForHazards();
