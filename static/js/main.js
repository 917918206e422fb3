// Where the page begins.

import { start } from "./actions/accounts/start.js";
import { startAttending } from "./actions/incident/incoming-alerts.js";
import { startDrawingBands } from "./actions/map/draw-bands.js";
import { startStudying } from "./actions/reach/reach-queries.js";
import { keepShell } from "./lib/keep-shell.js";
import "./ui/shell/app.js";

startAttending();
startDrawingBands();
startStudying();
void start();

keepShell();
