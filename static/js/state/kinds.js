// Kinds of incident, as the circle's catalogue has them. Pure.

import { nameOf } from "../lib/i18n.js";

/**
 * @typedef {import("../types/messages.js").IncidentKind} IncidentKind
 * @typedef {Pick<import("../types/page.js").Model, "live">} Live
 */

/**
 * @param {string} code
 * @param {Live} model
 * @returns {IncidentKind | null} null while the page does not know the catalogue, or it lacks the kind
 */
export function kindOf(code, { live }) {
  return live.snapshot?.catalogue?.kinds.find((kind) => kind.code === code) ?? null;
}

/**
 * @param {string} code
 * @param {Live} model
 * @returns {string} what it is called in the page's language
 */
export function kindName(code, model) {
  const kind = kindOf(code, model);
  return kind ? nameOf({ name: kind.name_zh, name_en: kind.name_en }) : code;
}

/**
 * @param {string} code
 * @param {Live} model
 * @returns {string} the name of its pictogram
 */
export const kindIcon = (code, model) => kindOf(code, model)?.icon ?? code;

/**
 * @param {Live} model
 * @returns {readonly IncidentKind[]} what can be raised, in the order of the catalogue
 */
export const offeredKinds = ({ live }) => (live.snapshot?.catalogue?.kinds ?? []).filter((kind) => kind.is_offered);
