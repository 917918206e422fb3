// Removing one thing from the map; what something rests on stays, and why is said.

import { request } from "../api.js";
import { codeOf, errorWords } from "../errors.js";
import { t } from "../i18n.js";
import { model, toast } from "../model.js";
import { showOverview } from "./look.js";

/**
 * @param {"buildings" | "hazards" | "facilities" | "units"} noun
 * @param {string} id
 */
export async function removeThing(noun, id) {
  try {
    /** @type {import("../types.js").Removal} */
    const { kept } = await request("POST", `/circles/${model.value.circleId}/${noun}/remove`, { body: { ids: [id] } });
    const [held] = kept;
    if (held) return toast(t("thing.kept", { reason: t(`import_row.${held.code}`) }), "problem");
    toast(t("thing.removed"));
    showOverview();
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  }
}
