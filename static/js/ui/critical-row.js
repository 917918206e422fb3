// The way to the ranking of roads, from whatever makes one ask for it.

import { showCriticality } from "../actions/look.js";
import { t } from "../i18n.js";
import { thingRow } from "./thing-row.js";

/** @param {import("../types.js").Building | null} [building] */
export const criticalRow = (building = null) =>
  thingRow("barrier", t("critical.title"), {
    below: t(building ? "critical.open_building" : "critical.open"),
    act: () => showCriticality(building),
  });
