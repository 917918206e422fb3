// In the overview: how much of what drills showed is overdue.

import { showFindings } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { nothing } from "../../lib/vendor.js";
import { listRow } from "../components/list-row.js";

/** @param {import("../../types/page.js").Model} model */
export function overdueFindings({ loaded }) {
  const n = loaded.overdueFindings.value?.overdue ?? 0;
  return n > 0 ? listRow("clock", t("overview.overdue_findings", { n }), { act: () => showFindings({ filter: "overdue" }) }) : nothing;
}
