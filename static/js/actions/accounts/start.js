// Opening the page: words, configuration, who is signed in, which circle.

import { ApiError, get } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { chosenLanguage, useLanguage } from "../../lib/i18n.js";
import { remembered, remember } from "../../lib/storage.js";
import { untilAgain } from "../../lib/until-again.js";
import { model } from "../../state/model.js";
import { cachedCircle } from "../../state/offline-cache.js";
import { administer } from "./administration.js";
import { openCircle, showCached } from "./open-circle.js";
import { readPreferences } from "./preferences.js";

/** Between two tries to find the server, at most. */
const LONGEST_MS = 8000;
const LAST_CIRCLE = "responder.circle";

export async function start() {
  readPreferences();
  const language = chosenLanguage();
  await useLanguage(language);
  model.set({ language });
  for (let tries = 0; !(await entered()); tries += 1) {
    await untilAgain(Math.min(1000 * 2 ** tries, LONGEST_MS) * (0.5 + Math.random() / 2));
  }
}

/** @returns {Promise<boolean>} whether the server has said who is signed in */
async function entered() {
  try {
    const [config, session] = await Promise.all([get("/config"), get("/session").catch(signedOut)]);
    const invitation = invitationInAddress();
    model.set({ config, invitation });
    if (session) enter(session);
    else model.set({ phase: invitation ? "invited" : "signed_out" });
    return true;
  } catch (error) {
    startWithout(error);
    return false;
  }
}

/** @param {unknown} error */
function signedOut(error) {
  if (error instanceof ApiError && error.status === 401) return null;
  throw error;
}

/**
 * Without a server the page shows what it had last time, and says so.
 * @param {unknown} error
 */
function startWithout(error) {
  const cached = cachedCircle(remembered(LAST_CIRCLE));
  if (cached && model.value.phase === "starting") showCached(cached);
  else if (!cached) model.set({ phase: "failed", problem: codeOf(error) });
}

/** A link to an invitation holds it after the number sign; it stays there until it is accepted or put away. */
function invitationInAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get("invitation");
  return token ? { token } : null;
}

// Such a link may be followed where the page is open already.
addEventListener("hashchange", () => invitationInAddress() && location.reload());

/**
 * @param {import("../../types/page.js").SessionAnswer} session
 * @param {string} [wanted]  id of the circle to open
 */
export function enter(session, wanted) {
  const { account, circles } = session;
  model.set({ account, circles, problem: null });
  if (model.value.invitation) return model.set({ phase: "invited" });
  const last = wanted ?? remembered(LAST_CIRCLE);
  const circle = circles.find((each) => each.id === last) ?? circles[0];
  if (circle) choose(circle.id);
  else if (account.admin) administer();
  else model.set({ phase: "no_circle" });
}

/** @param {string} circleId */
export function choose(circleId) {
  remember(LAST_CIRCLE, circleId);
  openCircle(circleId);
}
