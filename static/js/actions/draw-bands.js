// The bands of 5, 10 and 15 minutes around a place: a picture of reach, not the decision.

import { get, query } from "../api.js";
import { codeOf } from "../errors.js";
import { model, NOT_LOADED } from "../model.js";

/**
 * @param {{ lon: number, lat: number }} place
 * @param {{ profile: string, version: string }} how  `version` changes when the roads do
 */
export async function drawBands({ lon, lat }, { profile, version }) {
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

export function hideBands() {
  if (model.value.bands.key !== "") model.set({ bands: NOT_LOADED });
}
