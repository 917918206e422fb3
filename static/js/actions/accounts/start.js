// Opening the page: words, what the device knows already, and at the same time who is signed in and how things stand.

import { codeOf } from "../../lib/errors.js";
import { chosenLanguage, useLanguage } from "../../lib/i18n.js";
import { remembered, remember } from "../../lib/storage.js";
import { untilAgain } from "../../lib/until-again.js";
import { model } from "../../state/model.js";
import { cachedCircle } from "../../state/offline-cache.js";
import { administer } from "./administration.js";
import { begin } from "./begin.js";
import { leaveAccount } from "./leave-account.js";
import { openCircle, showCached } from "./open-circle.js";
import { followLink, linkedCircle } from "./linked-view.js";
import { readPreferences } from "./preferences.js";
import { pushedInAddress, showPushed } from "./pushed-alert.js";

/** Between two tries to find the server, at most. */
const LONGEST_MS = 8000;
const LAST_CIRCLE = "responder.circle";
/** The circle to open: of the link that was followed, or the one that was open last. */
const lastCircle = () => linkedCircle() ?? remembered(LAST_CIRCLE);

export async function start() {
  readPreferences();
  followLink();
  const language = chosenLanguage();
  const [pushed] = await Promise.all([pushedInAddress(), useLanguage(language)]);
  model.set({ language, invitation: invitationInAddress() });
  showWhatIsKept(pushed);
  for (let tries = 0; !(await entered()); tries += 1) {
    await untilAgain(Math.min(1000 * 2 ** tries, LONGEST_MS) * (0.5 + Math.random() / 2));
  }
}

/**
 * Before the server has said a word. Should it say that nobody is signed in, what is kept goes with that.
 * @param {import("../../types/page.js").PushedAlert | null} pushed
 */
function showWhatIsKept(pushed) {
  const cached = model.value.invitation ? null : cachedCircle(pushed?.circle_id ?? lastCircle());
  if (cached) showCached(cached);
  if (pushed) showPushed(pushed);
}

/** @returns {Promise<boolean>} whether the server has said who is signed in */
async function entered() {
  try {
    const answer = await begin(model.value.pushed?.circle_id ?? lastCircle());
    if (answer.account) enter(answer, model.value.pushed?.circle_id);
    else if (model.value.invitation) model.set({ phase: "invited" });
    // What was shown until now was another session's.
    else if (model.value.phase === "open") leaveAccount();
    else model.set({ phase: "signed_out" });
    return true;
  } catch (error) {
    startWithout(error);
    return false;
  }
}

/**
 * Without a server the page shows what it had last time, and says so.
 * @param {unknown} error
 */
function startWithout(error) {
  const { phase, connection } = model.value;
  if (phase === "open") model.set({ connection: { ...connection, phase: "offline" } });
  else model.set({ phase: "failed", problem: codeOf(error) });
}

/** A link to an invitation holds it after the number sign; it stays there until it is accepted or put away. */
function invitationInAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get("invitation");
  return token ? { token } : null;
}

// Such a link may be followed where the page is open already.
addEventListener("hashchange", () => invitationInAddress() && location.reload());

/**
 * @param {Pick<import("../../types/page.js").StartAnswer, "account" | "circles"> & Partial<import("../../types/page.js").StartAnswer>} session
 * @param {string} [wanted]  id of the circle to open
 */
export function enter(session, wanted) {
  const { account, circles } = session;
  model.set({ account, circles, problem: null });
  if (model.value.invitation) return model.set({ phase: "invited" });
  const last = wanted ?? lastCircle();
  const circle = circles.find((each) => each.id === last) ?? circles[0];
  if (circle) choose(circle.id, session);
  else if (account?.admin) administer();
  else model.set({ phase: "no_circle" });
}

/**
 * @param {string} circleId
 * @param {Partial<import("../../types/page.js").StartAnswer>} [begun]  what the server has said of it already
 */
export function choose(circleId, begun) {
  remember(LAST_CIRCLE, circleId);
  openCircle(circleId, begun);
}
