// Messages of other systems: asked for as long as the viewer may decide on them, sent in, confirmed, dismissed.

import { ApiError, get, request } from "../../lib/api.js";
import { codeOf, errorWords } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { model, showAnswer, toast } from "../../state/model.js";
import { mayDecide, proposalById, proposalsKey } from "../../state/proposals.js";
import { keepLoaded, refresh } from "../../state/resources.js";
import { chooseForProposal, showIncident, showOverview } from "../map/navigation.js";

/** Reading a file of many messages takes a while. */
const TIMEOUT_MS = 60_000;
const SHOWN = 30;

export function startAskingForProposals() {
  keepLoaded(
    "proposals",
    ["phase", "circleId", "live", "rest"],
    ({ phase, circleId, live, rest }) => {
      if (phase !== "open" || !rest || !live.snapshot || !mayDecide(live)) return null;
      const path = `/circles/${circleId}/proposals?limit=${SHOWN}`;
      return { subject: path, version: proposalsKey(live), ask: async () => (await get(path)).proposals };
    },
    { keepsOld: true },
  );
}

/**
 * @param {File} file
 * @returns {Promise<readonly import("../../types/page.js").ReceivedMessage[]>} what became of each message, also when none was taken
 */
export async function sendIn(file) {
  const body = new FormData();
  body.append("file", file, file.name);
  try {
    return (await request("POST", `/circles/${model.value.circleId}/proposals`, { body, timeoutMs: TIMEOUT_MS })).messages;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "cap_refused") throw error;
    const { messages = [] } = /** @type {any} */ (error.problem);
    return messages.map((/** @type {object} */ each) => ({ outcome: "refused", proposal: null, ...each }));
  }
}

/**
 * @param {import("../../types/page.js").ProposalView} view
 * @param {import("../../types/page.js").PlaceChoice} place
 */
export async function confirmProposal({ id, kind, severity, similar }, place) {
  const { circleId, deciding, live: sentAt } = model.value;
  if (deciding) return;
  model.set({ deciding: id });
  const known = proposalById(model.value, id);
  const isMiddle = known?.lon === place.lon && known.lat === place.lat && !place.building;
  const elsewhere = place.building ? { building_id: place.building.id, entrance: place.entrance } : { lon: place.lon, lat: place.lat };
  // Having been asked, the person says that it is none of these.
  const not_same_as = similar.map(({ incident_id }) => incident_id);
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  try {
    const detail = await request("POST", `/circles/${circleId}/proposals/${id}/confirm`, { body: { kind, severity, not_same_as, ...(isMiddle ? {} : elsewhere) }, headers });
    showAnswer({ kind: "alert_raised", detail }, sentAt);
    showIncident(detail.incident.id);
  } catch (error) {
    tell(error);
  } finally {
    model.set({ deciding: null });
  }
}

/** @param {string} id */
export async function dismissProposal(id) {
  const { circleId, deciding } = model.value;
  if (deciding) return;
  model.set({ deciding: id });
  try {
    await request("POST", `/circles/${circleId}/proposals/${id}/dismiss`);
    toast(t("proposal.dismissed_now"));
    showOverview();
  } catch (error) {
    tell(error);
  } finally {
    model.set({ deciding: null });
  }
}

/**
 * Another person may have been quicker: then what they did is shown.
 * @param {unknown} error
 */
function tell(error) {
  if (error instanceof ApiError && error.code === "similar_incident") {
    return chooseForProposal({ similar: /** @type {any} */ (error.problem["candidates"] ?? []) });
  }
  toast(errorWords(codeOf(error)), "problem");
  if (!(error instanceof ApiError) || error.code !== "proposal_closed") return;
  refresh("proposals");
  const incidentId = error.problem["incident_id"];
  if (typeof incidentId === "string") showIncident(incidentId);
}
