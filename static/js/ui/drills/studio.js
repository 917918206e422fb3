// Planning drills: loaded when somebody opens them, with words and styles of their own.

import { askBeforeLeaving } from "../../actions/drills/edit-plan.js";
import { startAskingForDrills } from "../../actions/drills/load-drills.js";
import { startAskingForRun } from "../../actions/drills/load-run.js";
import { startAskingForFindings } from "../../actions/drills/load-findings.js";
import { startTakingTaps } from "../../actions/drills/place-on-map.js";
import { addressOf } from "../../lib/addresses.js";
import { addWords } from "../../lib/i18n.js";
import { startDrawingPlan } from "./plan-on-map.js";
import en from "../../../locales/drills/en.json" with { type: "json" };
import zh from "../../../locales/drills/zh-CN.json" with { type: "json" };
import rehearsalEn from "../../../locales/rehearsal/en.json" with { type: "json" };
import rehearsalZh from "../../../locales/rehearsal/zh-CN.json" with { type: "json" };

export { findingView } from "./follow-up/finding-view.js";
export { findingsView } from "./follow-up/findings.js";
export { programmeView } from "./follow-up/programme.js";
export { drillView } from "./plan-view.js";
export { drillRunView } from "./run/console.js";
export { drillsView } from "./drill-list.js";
export { drillClosureView } from "./drill-closure.js";
export { calibrationView } from "./calibration/calibration-view.js";
export { rehearsalView } from "./rehearsal/rehearsal-view.js";

addWords({ "zh-CN": zh, en });
addWords({ "zh-CN": rehearsalZh, en: rehearsalEn });
document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: addressOf("drills-styles") }));
startAskingForDrills();
startAskingForRun();
startAskingForFindings();
startTakingTaps();
startDrawingPlan();
askBeforeLeaving();
