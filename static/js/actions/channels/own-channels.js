// Whether the viewer can be found while the page is closed: asked for after the alert is on screen.

import { may } from "../../state/access.js";
import { keepLoaded } from "../../state/resources.js";
import { listOwn } from "./channels.js";

export function startAskingForOwnChannels() {
  keepLoaded(
    "ownChannels",
    ["phase", "circleId", "live", "rest"],
    ({ phase, circleId, live, rest }) => {
      if (phase !== "open" || !rest || !circleId || !live.snapshot || !may(live.viewer, "answer_alert")) return null;
      return { subject: circleId, version: null, ask: () => listOwn(circleId) };
    },
    { keepsOld: true },
  );
}
