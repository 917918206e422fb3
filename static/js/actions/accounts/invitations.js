// Inviting a person to a circle, and accepting an invitation.

import { get, request } from "../../lib/api.js";
import { may } from "../../state/access.js";
import { model } from "../../state/model.js";
import { showScreen } from "./screens.js";
import { signOut } from "./sign-in.js";
import { enter } from "./start.js";

/**
 * @param {string} circleId
 * @returns {Promise<import("../../types/page.js").Invitation[]>} the open ones first, then the latest made
 */
export async function listInvitations(circleId) {
  /** @type {import("../../types/page.js").Invitation[]} */
  const all = await get(`/circles/${circleId}/invitations`);
  const open = (/** @type {import("../../types/page.js").Invitation} */ each) => Number(each.state === "open");
  return all.sort((a, b) => open(b) - open(a) || b.made_at.localeCompare(a.made_at));
}

/**
 * The server gives the link this once: it stays in the model until it is put away.
 * @param {string} circleId
 * @param {{ role: string, partner_id?: string, unit_id?: string, note?: string }} invitation
 */
export async function makeInvitation(circleId, invitation) {
  const made = await request("POST", `/circles/${circleId}/invitations`, { body: invitation });
  model.set({ madeInvitation: { ...made, circleId, link: linkFor(made.token) } });
}

export function putAwayMade() {
  model.set({ madeInvitation: null });
}

/**
 * @param {string} circleId
 * @param {string} id
 */
export async function withdrawInvitation(circleId, id) {
  await request("DELETE", `/circles/${circleId}/invitations/${id}`);
  if (model.value.madeInvitation?.id === id) putAwayMade();
}

/**
 * After the number sign, so that it is never sent to a server or written in its logs.
 * @param {string} token
 */
export const linkFor = (token) => `${location.origin}/#invitation=${token}`;

/**
 * @param {string} token
 * @returns {Promise<import("../../types/page.js").InvitationCard>}
 */
export const previewInvitation = (token) => request("POST", "/invitations/preview", { body: { token } });

/**
 * @param {string} token
 * @param {{ username: string, name: string, password: string } | null} account  null to join with the account that is signed in
 */
export async function acceptInvitation(token, account) {
  const known = new Set(model.value.circles.map(({ id }) => id));
  const session = await request("POST", "/invitations/accept", { body: { token, ...account } });
  putAwayInvitation();
  const joined = session.circles.find((/** @type {{ id: string }} */ { id }) => !known.has(id));
  enter(session, joined?.id);
  // Nothing finds a new person until they have said by what.
  if (joined && may(joined, "answer_alert")) showScreen("my_channels");
}

/** Go on without it. */
export function leaveInvitation() {
  const { account, circles } = model.value;
  putAwayInvitation();
  if (account) enter({ account, circles });
  else model.set({ phase: "signed_out" });
}

/** The person signed in is not the one whom the invitation is for. */
export async function signOutForInvitation() {
  const { invitation } = model.value;
  await signOut();
  model.set({ invitation, phase: "invited" });
}

/** With an account already: sign in, and come back to the invitation by itself. */
export function signInForInvitation() {
  model.set({ phase: "signed_out" });
}

export function showInvitation() {
  model.set({ phase: "invited" });
}

function putAwayInvitation() {
  history.replaceState(null, "", location.pathname);
  model.set({ invitation: null });
}
