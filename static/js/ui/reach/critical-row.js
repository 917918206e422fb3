// The way to the ranking of roads, from whatever makes one ask for it.

import { showCriticality } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { listRow } from "../components/list-row.js";

/** @param {import("../../types/page.js").Building | null} [building] */
export const criticalRow = (building = null) =>
  listRow("barrier", t("critical.title"), {
    below: t(building ? "critical.open_building" : "critical.open"),
    act: () => showCriticality(building),
  });
