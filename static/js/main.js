// Where the page begins.

import { startAttending } from "./actions/attend.js";
import { startDrawingBands } from "./actions/draw-bands.js";
import { start } from "./actions/start.js";
import { startStudying } from "./actions/study.js";
import "./ui/app.js";

startAttending();
startDrawingBands();
startStudying();
void start();

if ("serviceWorker" in navigator) {
  // Without it the page only needs the network to open.
  navigator.serviceWorker.register("/sw.js").catch(() => {});
}
