// Where the page begins.

import { startLoadingMap } from "./actions/accounts/open-circle.js";
import { showScreen } from "./actions/accounts/screens.js";
import { watchNotifications } from "./actions/accounts/pushed-alert.js";
import { choose, start } from "./actions/accounts/start.js";
import { watchAlerts } from "./actions/incident/incoming-alerts.js";
import { startAskingForProposals } from "./actions/incident/proposals.js";
import { startAskingForOwnChannels } from "./actions/channels/own-channels.js";
import { startStayingAwake } from "./actions/incident/stay-awake.js";
import { startAskingForLadders } from "./actions/incident/ladders.js";
import { startDrawingBands } from "./actions/map/draw-bands.js";
import * as navigation from "./actions/map/navigation.js";
import { startAskingForReach } from "./actions/reach/reach-queries.js";
import { learnFrom } from "./lib/clock.js";
import { remembered } from "./lib/storage.js";
import { keepShell } from "./lib/keep-shell.js";
import { current } from "./map/current.js";
import { OBSERVED } from "./state/drills/ongoing.js";
import { COLLECTIONS, LAYERS } from "./state/layers.js";
import { model } from "./state/model.js";
import { loadScreens, participant } from "./ui/shell/parts.js";
import "./ui/shell/app.js";

/** The map comes first. */
const SCREENS_AFTER_MS = 3000;

watchAlerts();
startLoadingMap();
startDrawingBands();
startAskingForReach();
startStayingAwake();
watchNotifications(choose);
startAskingForLadders();
startAskingForProposals();
startAskingForOwnChannels();
void start();

// An alert that is being opened does not share the line with what can wait.
const stopWaiting = model.listen(({ phase, rest }) => {
  if (phase === "starting" || (phase === "open" && !rest)) return;
  stopWaiting();
  keepShell();
}, ["phase", "rest"]);
const stopAgain = model.listen(({ rest }) => {
  if (!rest) return;
  stopAgain();
  setTimeout(() => {
    void loadScreens();
    // What was seen in a drill is sent, also when that is over.
    if (remembered(OBSERVED)) participant();
  }, SCREENS_AFTER_MS);
}, ["rest"]);

// For the browser's console and its tests: what is served has no modules to be imported by name.
Object.assign(globalThis, { responder: { ...navigation, COLLECTIONS, LAYERS, current, learnFrom, model, showScreen } });
