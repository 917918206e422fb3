// Where the page begins.

import { startAttending } from "./actions/attend.js";
import { startDrawingBands } from "./actions/draw-bands.js";
import { start } from "./actions/start.js";
import { startStudying } from "./actions/study.js";
import { keepShell } from "./keep-shell.js";
import "./ui/app.js";

startAttending();
startDrawingBands();
startStudying();
void start();

keepShell();
