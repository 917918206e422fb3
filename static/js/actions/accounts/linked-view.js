// A link into a circle: to a rehearsal that goes on from a moment of a drill, as its replay has it, or to the facility whose label was read.

import { may } from "../../state/access.js";
import { model } from "../../state/model.js";
import { showRegister, showRehearsal, showThing } from "../map/navigation.js";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @typedef {{ circleId: string, drillId: string, fromS: number } | { circleId: string, facilityId: string }} Link */

/** @type {Link | null} */
let linked = null;

/**
 * @param {string} hash
 * @returns {Link | null} null of one that names none
 */
export function linkIn(hash) {
  const named = new URLSearchParams(hash.slice(1));
  const [circleId = "", drillId = "", from = "", facilityId = ""] = ["circle", "rehearsal", "from", "facility"].map((key) => named.get(key) ?? "");
  if (UUID.test(circleId) && UUID.test(facilityId)) return { circleId, facilityId };
  return UUID.test(circleId) && UUID.test(drillId) && /^\d{1,7}$/.test(from) ? { circleId, drillId, fromS: Number(from) } : null;
}

/** The circle of the link that was followed, until what it leads to is on screen. */
export const linkedCircle = () => linked?.circleId ?? null;

/** Take the link from the address, and follow it once its circle is open. */
export function followLink() {
  linked = linkIn(location.hash);
  if (!linked) return;
  // Another visit of the same address is about the circle as it is then.
  history.replaceState(null, "", location.pathname);
  const stop = model.listen(({ phase, circleId, circles, live }) => {
    if (!linked || phase !== "open" || !live.viewer || circles.length === 0) return;
    const link = linked;
    stop();
    linked = null;
    if (circleId !== link.circleId) return;
    if ("drillId" in link) return may(live.viewer, "plan_drill") ? showRehearsal(link.drillId, link.fromS) : undefined;
    if (may(live.viewer, "inspect_facilities")) showRegister("inspection", link.facilityId);
    else showThing("facility", link.facilityId);
  }, ["phase", "circleId", "circles", "live"]);
}

// Such a link may be followed where the page is open already.
addEventListener("hashchange", () => linkIn(location.hash) && location.reload());
