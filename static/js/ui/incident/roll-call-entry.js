// The roll-call of an incident in one line: how many are out, who has to be carried; a tap opens it.

import { showRollCall } from "../../actions/map/navigation.js";
import { t } from "../../lib/i18n.js";
import { html, nothing } from "../../lib/vendor.js";
import { listRow } from "../components/list-row.js";

/**
 * @param {import("../../types/messages.js").IncidentDetail} detail
 * @param {{ offered: boolean }} how  `offered`: to those who may begin it
 */
export function rollCallEntry({ incident, roll_call }, { offered }) {
  if (!roll_call && !offered) return nothing;
  return html`<div class="roll-call-entry" ?data-carrying=${Boolean(roll_call && people(roll_call, "needs_carrying"))}>
    ${listRow("people", t(roll_call ? "roll_call.title" : "roll_call.begin"), { below: roll_call ? words(roll_call) : nothing, act: () => showRollCall(incident.id) })}
  </div>`;
}

/** @param {import("../../types/messages.js").RollCall} rollCall */
function words(rollCall) {
  const left = rollCall.doors.filter(({ state }) => state === "unmarked").length;
  const carry = people(rollCall, "needs_carrying");
  const missing = people(rollCall, "not_found");
  return [
    ...(carry > 0 ? [t("roll_call.carry_n", { n: carry })] : []),
    t("roll_call.out_n", { n: people(rollCall, "out") }),
    ...(missing > 0 ? [t("roll_call.not_found_n", { n: missing })] : []),
    t("roll_call.left_n", { n: left }),
  ].join(" · ");
}

/**
 * @param {import("../../types/messages.js").RollCall} rollCall
 * @param {import("../../types/messages.js").RollCallState} wanted
 */
const people = ({ doors }, wanted) => doors.reduce((sum, { state, people: n }) => sum + (state === wanted ? n : 0), 0);
