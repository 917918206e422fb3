// A link to a rehearsal that goes on from a moment of a drill, as its replay has it.

import { may } from "../../state/access.js";
import { model } from "../../state/model.js";
import { showRehearsal } from "../map/navigation.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @type {{ circleId: string, drillId: string, fromS: number } | null} */
let linked = null;

/**
 * @param {string} hash
 * @returns {typeof linked} null of one that names none
 */
export function rehearsalIn(hash) {
  const named = new URLSearchParams(hash.slice(1));
  const [circleId = "", drillId = "", from = ""] = ["circle", "rehearsal", "from"].map((key) => named.get(key) ?? "");
  return UUID.test(circleId) && UUID.test(drillId) && /^\d{1,7}$/.test(from) ? { circleId, drillId, fromS: Number(from) } : null;
}

/** The circle of the link that was followed, until its rehearsal is on screen. */
export const linkedCircle = () => linked?.circleId ?? null;

/** Take the link from the address, and follow it once its circle is open. */
export function followRehearsalLink() {
  linked = rehearsalIn(location.hash);
  if (!linked) return;
  // Another visit of the same address is about the circle as it is then.
  history.replaceState(null, "", location.pathname);
  const stop = model.listen(({ phase, circleId, circles, live }) => {
    if (!linked || phase !== "open" || !live.viewer || circles.length === 0) return;
    const { drillId, fromS, circleId: wanted } = linked;
    stop();
    linked = null;
    if (circleId === wanted && may(live.viewer, "plan_drill")) showRehearsal(drillId, fromS);
  }, ["phase", "circleId", "circles", "live"]);
}

// Such a link may be followed where the page is open already.
addEventListener("hashchange", () => rehearsalIn(location.hash) && location.reload());
