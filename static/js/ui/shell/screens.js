// Screens that few people open, and none to answer an alert: loaded together, after the alert is on screen.

import { startCountingOverdue } from "../../actions/drills/load-findings.js";
import "../accounts/accept-invitation.js";
import "../accounts/administration.js";
import "../accounts/audit.js";
import "../accounts/invitations.js";
import "../accounts/password.js";
import "../accounts/people.js";
import "../accounts/sessions.js";
import "../channels/channels.js";
import "../channels/message-proof.js";
import "../channels/my-channels.js";
import "../imports/imports.js";
import "../registers/households/incident-households.js";

export { overdueFindings } from "./overdue-findings.js";
export { proposalView } from "../incident/proposal.js";
export { otherProposals, waitingProposals } from "../incident/proposals.js";
export { criticalityView } from "../reach/criticality.js";
export { laddersView } from "../ladder/ladders.js";
export { profilesView } from "../reach/profiles.js";

startCountingOverdue();
