// The bands of 5, 10 and 15 minutes around a place: a picture of reach, not the decision.

import { get, query } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { now } from "../../lib/clock.js";
import { model, NOT_LOADED } from "../../state/model.js";
import { reachKey } from "../../state/study.js";
import { incidentById, openIncidents } from "../../state/selectors.js";

const LOOK_AGAIN_MS = 5000;

/** Keep the bands in line with what is looked at, for which profile, and what reach rests on. */
export function startDrawingBands() {
  model.listen(follow);
  // A closure that ends by itself changes the roads without a word.
  setInterval(() => follow(model.value), LOOK_AGAIN_MS);
}

/** @param {import("../../types/page.js").Model} value */
function follow(value) {
  const centre = value.layers.bands && value.phase === "open" ? centreOf(value) : null;
  if (!centre) return hideBands();
  const version = value.live.picture ? reachKey(value.live.picture, now()) : "";
  void drawBands(centre, { profile: value.bandProfile, version });
}

/**
 * @param {import("../../types/page.js").Model} value
 * @returns {{ lon: number, lat: number } | null}
 */
function centreOf({ view, live }) {
  if (view.name === "place") return view.place;
  const shown = view.name === "incident" ? incidentById(live, view.id) : openIncidents(live)[0];
  if (shown) return shown.incident.place;
  if (!live.picture) return null;
  const [lon, lat] = live.picture.circle.centre;
  return { lon, lat };
}

/**
 * @param {{ lon: number, lat: number }} place
 * @param {{ profile: string, version: string }} how  `version` changes when the roads do
 */
async function drawBands({ lon, lat }, { profile, version }) {
  const { circleId } = model.value;
  const wanted = { lon: lon.toFixed(6), lat: lat.toFixed(6), profile, minutes: "5,10,15" };
  const key = JSON.stringify([circleId, wanted, version]);
  if (model.value.bands.key === key) return;
  model.set({ bands: { ...NOT_LOADED, key, value: model.value.bands.value } });
  try {
    const value = await get(`/circles/${circleId}/isochrones${query(wanted)}`);
    if (model.value.bands.key === key) model.set({ bands: { key, status: "ready", value, error: null } });
  } catch (error) {
    if (model.value.bands.key === key) model.set({ bands: { key, status: "failed", value: null, error: codeOf(error) } });
  }
}

function hideBands() {
  if (model.value.bands.key !== "") model.set({ bands: NOT_LOADED });
}
