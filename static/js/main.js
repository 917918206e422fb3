// Where the page begins.

import { startLoadingMap } from "./actions/accounts/open-circle.js";
import { start } from "./actions/accounts/start.js";
import { watchAlerts } from "./actions/incident/incoming-alerts.js";
import { startDrawingBands } from "./actions/map/draw-bands.js";
import { startAskingForReach } from "./actions/reach/reach-queries.js";
import { keepShell } from "./lib/keep-shell.js";
import "./ui/shell/app.js";

watchAlerts();
startLoadingMap();
startDrawingBands();
startAskingForReach();
void start();

keepShell();
