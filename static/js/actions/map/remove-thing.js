// Removing one thing from the map; what something rests on stays, and why is said.

import { request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { model, toast } from "../../state/model.js";
import { showOverview } from "./navigation.js";

/**
 * @param {import("../../types/page.js").NounName} noun
 * @param {string} id
 */
export async function removeThing(noun, id) {
  try {
    /** @type {import("../../types/page.js").Removal} */
    const { kept } = await request("POST", `/circles/${model.value.circleId}/${noun}/remove`, { body: { ids: [id] } });
    const [held] = kept;
    if (held) return toast(t("thing.kept", { reason: t(`import_row.${held.code}`) }), "problem");
    toast(t("thing.removed"));
    showOverview();
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  }
}
