// The bands of 5, 10 and 15 minutes around a place: a snapshot of reach, not the decision.

import { get, query } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { reachKey } from "../../state/reach.js";
import { keepLoaded } from "../../state/resources.js";
import { incidentById, openIncidents } from "../../state/selectors.js";

/** Keep the bands in line with what is looked at, for which profile, and what reach rests on. */
export function startDrawingBands() {
  keepLoaded("bands", ["layers", "phase", "circleId", "view", "live", "bandProfile"], (value) => {
    const { circleId, layers, live, phase, bandProfile } = value;
    const centre = layers.bands && phase === "open" ? centreOf(value) : null;
    if (!centre) return null;
    const wanted = { lon: centre.lon.toFixed(6), lat: centre.lat.toFixed(6), profile: bandProfile, minutes: "5,10,15" };
    const version = live.snapshot ? reachKey(live.snapshot, now()) : "";
    return {
      // Those of the place before stay until the next are there.
      subject: String(circleId),
      version: JSON.stringify([wanted, version]),
      ask: () => get(`/circles/${circleId}/isochrones${query(wanted)}`),
    };
  });
}

/**
 * @param {import("../../types/page.js").Model} value
 * @returns {{ lon: number, lat: number } | null}
 */
function centreOf({ view, live }) {
  if (view.name === "place") return view.place;
  const shown = view.name === "incident" ? incidentById(live, view.id) : openIncidents(live)[0];
  if (shown) return shown.incident.place;
  if (!live.snapshot) return null;
  const [lon, lat] = live.snapshot.circle.centre;
  return { lon, lat };
}
