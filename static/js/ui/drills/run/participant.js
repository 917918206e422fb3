// Taking part in a drill that runs, with words and styles of its own: loaded as soon as the circle has one.

import { startObserving } from "../../../actions/drills/observe.js";
import { addStyles } from "../../../lib/addresses.js";
import { addWords } from "../../../lib/i18n.js";
import { startDrawingDrills } from "./observe-on-map.js";
import en from "../../../../locales/participant/en.json" with { type: "json" };
import zh from "../../../../locales/participant/zh-CN.json" with { type: "json" };

export { laneView } from "./observe-lane.js";
export { observeView } from "./observe.js";

addWords({ "zh-CN": zh, en });
addStyles("drill-run-styles");
startObserving();
startDrawingDrills();
