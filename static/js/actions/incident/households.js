// The households of the building of an open incident: asked for when a person opens them, and kept nowhere.

import { get } from "../../lib/api.js";

/**
 * The server records each look.
 * @param {string} circleId
 * @param {string} incidentId
 * @returns {Promise<import("../../types/households.js").IncidentHouseholds>}
 */
export const householdsAtIncident = (circleId, incidentId) => get(`/circles/${circleId}/incidents/${incidentId}/households`);
