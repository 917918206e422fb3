// Recording one thing on the map, or changing it.

import { get, request } from "../../lib/api.js";
import { model } from "../../state/model.js";

/** @typedef {import("../../types/page.js").NounName} NounName */

/**
 * @typedef {object} Edited
 * @property {{ id: string, geometry: GeoJSON.Geometry, properties: Record<string, any> }} feature
 * @property {string} version  changes with every edit
 */

/** @param {NounName} noun */
const pathOf = (noun) => `/circles/${model.value.circleId}/${noun}/features`;

/**
 * @param {NounName} noun
 * @param {string} id
 * @returns {Promise<Edited>} as it is now, whatever was seen of it before
 */
export const readFeature = (noun, id) => get(`${pathOf(noun)}/${id}`);

/**
 * Fails with `edit_conflict` when it was changed since it was read. What changed is told to every open page.
 * @param {NounName} noun
 * @param {{ geometry: GeoJSON.Geometry, properties: Record<string, any> }} feature
 * @param {Edited | null} before  null for a new one
 * @param {string} key  of a new one: sent again with the same key, nothing more is added
 * @returns {Promise<Edited>}
 */
export function writeFeature(noun, feature, before, key) {
  if (!before) return request("POST", pathOf(noun), { body: feature, headers: { "Idempotency-Key": key } });
  return request("PUT", `${pathOf(noun)}/${before.feature.id}`, { body: { ...feature, expected_version: before.version } });
}
