// Writing down what is seen in a drill: kept on the device at once, sent as soon as there is a network.

import { ApiError, get, request } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { t } from "../../lib/i18n.js";
import { shrunk } from "../photos/shrink-photo.js";
import { forgetRemembered, remember, remembered } from "../../lib/storage.js";
import { everySeconds } from "../../lib/ticks.js";
import { may } from "../../state/access.js";
import { amended, bodyOf, changed, current, isWaiting, parsed, tapped } from "../../state/drills/observed.js";
import { OBSERVED } from "../../state/drills/ongoing.js";
import { model, toast } from "../../state/model.js";
import { keepLoaded } from "../../state/resources.js";
import { dropPhoto, keepPhoto, keptPhoto } from "./kept-photos.js";

/** @typedef {import("../../types/page.js").PendingObservation} PendingObservation */

/** While a person types. */
const SOON_MS = 1200;
const AGAIN_S = 10;
const TIMEOUT_MS = 30_000;
const EXACT = { enableHighAccuracy: true, timeout: 10_000, maximumAge: 15_000 };
/** In a cellar, or on a phone with much to do. */
const ROUGH = { enableHighAccuracy: false, timeout: 60_000, maximumAge: 60_000 };
/** Answers after which the same is sent again: the person has to sign in, or the server is busy. */
const LATER = new Set([401, 408, 429]);

/** Of all accounts of this device; only those of the one signed in are shown and sent. @type {PendingObservation[]} */
let items = [];
let sending = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

export function startObserving() {
  items = current(parsed(remembered(OBSERVED)), now());
  model.listen(show, ["circleId", "account", "live"]);
  model.listen(({ connection }) => connection.phase === "live" && void flush(), ["connection"]);
  addEventListener("online", () => void flush());
  everySeconds(AGAIN_S, () => void flush());
  keepLoaded("observations", ["phase", "circleId", "live", "view"], known, { keepsOld: true });
  show();
  void flush();
}

/** @param {import("../../types/page.js").Model} value */
function known({ phase, circleId, live, view }) {
  if (phase !== "open" || view.name !== "drill_observe" || !live.snapshot) return null;
  const path = `/circles/${circleId}/drills/${view.id}`;
  const seesPlan = may(live.viewer, "see_drill_plan");
  const ask = async () => {
    const [{ observations }, drill] = await Promise.all([get(`${path}/observations`), seesPlan ? get(path) : null]);
    return { observations, objectives: drill?.plan.objectives ?? [] };
  };
  return { subject: path, version: `${live.snapshot.epoch} ${live.heard?.[view.id] ?? live.snapshotSeq}`, ask };
}

function show() {
  const { circleId, live, observed } = model.value;
  if (items.length + observed.length === 0) return;
  const own = items.filter((item) => item.circle_id === circleId && item.account_id === accountId(live));
  if (JSON.stringify(own) !== JSON.stringify(observed)) model.set({ observed: own });
}

/** @param {import("../../types/page.js").CircleState} live */
const accountId = ({ viewer }) => viewer?.account_id ?? model.value.account?.id ?? "";

/** @param {PendingObservation[]} changedItems */
function put(changedItems) {
  items = changedItems;
  if (items.length > 0) remember(OBSERVED, JSON.stringify(items));
  else forgetRemembered(OBSERVED);
  show();
}

/**
 * One tap: it is kept with its moment, and its place as soon as the device knows it.
 * @param {string} drillId
 * @param {PendingObservation["verdict"]} verdict
 */
export function observe(drillId, verdict) {
  const { circleId, live, view } = model.value;
  if (!circleId) return;
  const item = tapped({ id: crypto.randomUUID(), circle_id: circleId, drill_id: drillId, account_id: accountId(live), at: new Date(now()).toISOString(), verdict });
  put([...items, item]);
  if (view.name === "drill_observe") model.set({ view: { ...view, of: item.id }, sheet: "full" });
  void flush();
  const place = (/** @type {GeolocationPosition} */ { coords: { longitude: lon, latitude: lat } }) => say(item.id, { lon, lat });
  const rough = (/** @type {GeolocationPositionError} */ { code, PERMISSION_DENIED }) => code !== PERMISSION_DENIED && navigator.geolocation.getCurrentPosition(place, () => null, ROUGH);
  navigator.geolocation?.getCurrentPosition(place, rough, EXACT);
}

/**
 * @param {string} id
 * @param {Parameters<typeof amended>[2]} change
 */
export function say(id, change) {
  put(amended(items, id, change));
  clearTimeout(soon);
  soon = setTimeout(() => void flush(), SOON_MS);
}

/**
 * @param {string} id
 * @param {Blob} file
 */
export async function addPhoto(id, file) {
  try {
    await keepPhoto(id, await shrunk(file));
    put(changed(items, id, (item) => ({ ...item, photo: true, refused: null })));
    void flush();
  } catch {
    toast(t("observe.photo_unreadable"), "problem");
  }
}

/** What the server does not take is put away. @param {string} id */
export function dropObservation(id) {
  put(items.filter((item) => item.id !== id));
  void dropPhoto(id);
}

async function flush() {
  if (sending || !navigator.onLine) return;
  sending = true;
  clearTimeout(soon);
  try {
    for (const { id } of model.value.observed.filter(isWaiting)) {
      if (!(await send(id))) return;
    }
  } finally {
    sending = false;
  }
}

/**
 * @param {string} id
 * @returns {Promise<boolean>} whether there is any use in sending the next one
 */
async function send(id) {
  const item = items.find((each) => each.id === id);
  if (!item) return true;
  const path = `/circles/${item.circle_id}/drills/${item.drill_id}/observations/${id}`;
  try {
    if (item.sent < item.said) {
      await request("PUT", path, { body: bodyOf(item) });
      put(changed(items, id, (each) => ({ ...each, sent: Math.max(each.sent, item.said) })));
    }
    const photo = item.photo ? await keptPhoto(id) : null;
    if (photo) await request("PUT", `${path}/photo`, { body: photo, timeoutMs: TIMEOUT_MS });
    if (item.photo) put(changed(items, id, (each) => ({ ...each, photo: false })));
    if (photo) await dropPhoto(id);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500 || LATER.has(error.status)) return false;
    put(changed(items, id, (each) => ({ ...each, refused: error.code })));
    return true;
  }
}
