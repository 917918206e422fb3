// The device's position, only while the person is on the way to an alert they accepted.

import { now } from "../../lib/clock.js";
import { may } from "../../state/access.js";
import { liveClient } from "../../live/client-holder.js";
import { model } from "../../state/model.js";
import { openIncidents } from "../../state/selectors.js";

const EVERY_MS = 2000;

/** @type {number | null} */
let watch = null;
let lastMs = 0;
/** @type {string | null} */
let sharedUnitId = null;

/** @param {string} unitId */
export function sharePosition(unitId) {
  const { viewer } = model.value.live;
  if (watch !== null && sharedUnitId === unitId) return;
  stopSharing();
  if (!("geolocation" in navigator)) return;
  if (!may(viewer, "report_position") || !viewer?.unit_ids.includes(unitId)) return;
  sharedUnitId = unitId;
  watch = navigator.geolocation.watchPosition(
    ({ coords }) => report(unitId, coords),
    // A stairwell without satellites is no reason to stop: the next position comes by itself.
    ({ code, PERMISSION_DENIED }) => code === PERMISSION_DENIED && stopSharing(),
    { enableHighAccuracy: true, maximumAge: 1000 },
  );
}

export function stopSharing() {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
}

/**
 * @param {string} unitId
 * @param {GeolocationCoordinates} coords
 */
function report(unitId, { longitude, latitude, accuracy }) {
  if (openIncidents(model.value.live).length === 0) return stopSharing();
  if (Date.now() - lastMs < EVERY_MS) return;
  lastMs = Date.now();
  const at = new Date(now()).toISOString();
  liveClient.current?.reportPosition({ unit_id: unitId, lon: longitude, lat: latitude, accuracy_m: accuracy, at });
}
