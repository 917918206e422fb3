// Inspections of shared facilities: said, photographed, listed; and labels to be printed.

import { download, get, query, request } from "../../lib/api.js";
import { shrunk } from "../photos/shrink-photo.js";
import { model } from "../../state/model.js";
import { keepLoaded, refresh } from "../../state/resources.js";

/** A PDF of many labels takes a while. */
const PRINT_MS = 120_000;

/**
 * Sent again with the same id it is kept once.
 * @param {string} facilityId
 * @param {{ id: string, roundId: string, result: "ok" | "faulty", note: string, photo: File | null }} found
 */
export async function sendInspection(facilityId, { id, roundId, result, note, photo }) {
  const circle = `/circles/${model.value.circleId}`;
  const picture = photo && (await shrunk(photo));
  await request("PUT", `${circle}/facilities/${facilityId}/inspections/${id}`, { body: { round_id: roundId, result, note } });
  if (picture) await request("PUT", `${circle}/inspections/${id}/photo`, { body: picture, headers: { "Content-Type": "image/jpeg" } });
  refresh("inspections");
}

/** @param {string} id */
export const inspectionPhoto = (id) => `/api/circles/${model.value.circleId}/inspections/${id}/photo`;

/**
 * @param {readonly string[]} ids
 * @param {string} language
 */
export async function printLabels(ids, language) {
  const named = ids.map((id) => `id=${encodeURIComponent(id)}`).join("&");
  const { content, name } = await download(`/circles/${model.value.circleId}/facilities/labels.pdf${query({ language })}&${named}`, PRINT_MS);
  const address = URL.createObjectURL(content);
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export function startAskingForInspections() {
  keepLoaded("inspections", ["phase", "circleId", "view"], ({ phase, circleId, view }) => {
    if (phase !== "open" || view.name !== "register" || !["inspection", "inspections"].includes(view.page)) return null;
    const path = `/circles/${circleId}/inspections${query({ facility_id: view.id })}`;
    return { subject: path, version: "", ask: async () => (await get(path)).inspections };
  });
}
