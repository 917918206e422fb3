// Removing one thing from the map; what something rests on stays, and why is said.

import { request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { LAYERS } from "../../state/layers.js";
import { model, showAnswer, toast } from "../../state/model.js";
import { putLoaded } from "../../state/resources.js";
import { showOverview } from "./navigation.js";

/**
 * @param {import("../../types/page.js").NounName} noun
 * @param {string} id
 */
export async function removeThing(noun, id) {
  const { circleId, live: sentAt } = model.value;
  try {
    /** @type {import("../../types/page.js").Removal} */
    const { kept } = await request("POST", `/circles/${circleId}/${noun}/remove`, { body: { ids: [id] } });
    const [held] = kept;
    if (held) return toast(t("thing.kept", { reason: t(`import_row.${held.code}`) }), "problem");
    const layer = LAYERS.find(({ name }) => name === noun);
    if (layer?.fromFeature) putLoaded(/** @type {"buildings"} */ (noun), layer.all(model.value).filter((each) => each.id !== id));
    showAnswer({ kind: "features_changed", noun: /** @type {import("../../types/messages.js").Noun} */ (noun), removed: [id] }, sentAt);
    toast(t("thing.removed"));
    showOverview();
  } catch (error) {
    toast(errorWords(codeOf(error)), "problem");
  }
}
