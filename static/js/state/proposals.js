// What messages of other systems propose, as this page knows it. Pure.

import { language } from "../lib/i18n.js";
import { may } from "./access.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 * @typedef {import("../types/page.js").Proposal} Proposal
 */

/**
 * @param {Model["live"]} live
 * @returns {boolean} whether the viewer decides on proposals, real ones or exercises
 */
export const mayDecide = ({ viewer }) => may(viewer, "raise_alert") || may(viewer, "raise_exercise");

/** @param {Model} model */
export const openProposals = ({ loaded }) => loaded.proposals.value?.filter(({ state }) => state === "open") ?? [];

/**
 * @param {Model} model
 * @param {string} id
 * @returns {Proposal | null}
 */
export const proposalById = ({ loaded }, id) => loaded.proposals.value?.find((each) => each.id === id) ?? null;

/**
 * @param {Proposal} proposal
 * @returns {import("../types/page.js").ProposalText | null} in the page's language, or else the first
 */
export function textOf({ texts }) {
  const wanted = language().slice(0, 2);
  return texts.find((each) => each.language.toLowerCase().startsWith(wanted)) ?? texts[0] ?? null;
}

/**
 * Where the alert would be raised: where the person tapped, else in the middle of the area.
 * @param {Model} model
 * @param {Proposal} proposal
 * @returns {import("../types/page.js").PlaceChoice | null} null as long as no one has said where
 */
export function placeOf({ view }, { id, lon, lat }) {
  if (view.name === "proposal" && view.id === id && view.place) return view.place;
  return lon === null || lat === null ? null : { lon, lat, label: "", building: null, entrance: null, accuracyM: null };
}

/**
 * Of what the list rests on: each event about proposals, and each fresh snapshot.
 * @param {Model["live"]} live
 */
export const proposalsKey = ({ heard, snapshotSeq, snapshot }) => `${snapshot?.epoch} ${heard?.["proposals"] ?? snapshotSeq ?? 0}`;
