// The circle's kinds of incident and warning colours: read to be changed, and changed.

import { ApiError, get, request } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { toast } from "../../state/model.js";

/**
 * @typedef {import("../../types/messages.js").AlertCatalogue} AlertCatalogue
 * @typedef {{ is_custom: boolean, set_at: string | null, version: string, catalogue: AlertCatalogue, defaults: AlertCatalogue }} ShownCatalogue
 */

/** @param {string} circleId */
const pathOf = (circleId) => `/circles/${circleId}/alert-catalogue`;

/**
 * @param {string} circleId
 * @returns {Promise<ShownCatalogue>}
 */
export const showCatalogue = (circleId) => get(pathOf(circleId));

/**
 * @param {string} circleId
 * @param {AlertCatalogue | null} catalogue  null for the one that is shipped
 * @param {string} version  what was seen
 * @returns {Promise<{ shown: ShownCatalogue | null, refused: { code: string, field: string | null } | null }>}
 */
export async function saveCatalogue(circleId, catalogue, version) {
  try {
    const shown = await request("PUT", pathOf(circleId), { body: { catalogue, expected_version: version } });
    toast(t("catalogue.saved"));
    return { shown, refused: null };
  } catch (error) {
    const code = codeOf(error);
    // What others changed is compared with next time; what was typed stays.
    const shown = code === "edit_conflict" ? await showCatalogue(circleId).catch(() => null) : null;
    const field = error instanceof ApiError ? error.problem["field"] : null;
    return { shown, refused: { code, field: typeof field === "string" ? field : null } };
  }
}
