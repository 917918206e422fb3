// Opening a circle: the live line, and what is on its map.

import { get } from "../../lib/api.js";
import { now } from "../../lib/clock.js";
import { cacheCircle, cachedCircle } from "../../state/offline-cache.js";
import { Live } from "../../live/client.js";
import { liveClient } from "../../live/client-holder.js";
import { COLLECTIONS } from "../../state/layers.js";
import { forget, model, NOTHING_LOADED } from "../../state/model.js";
import { remember, remembered } from "../../lib/storage.js";
import { socketAddress } from "./begin.js";
import { keepLoaded, refresh } from "../../state/resources.js";
import { apply, NO_POSITION, NOTHING_YET, positionOf } from "../../state/store.js";

/** Nothing has come for so long that what can wait is loaded all the same, in milliseconds. */
const REST_AFTER_MS = 4000;

/**
 * @param {string} circleId
 * @param {Partial<import("../../types/page.js").StartAnswer>} [begun]  what the server has said of it already
 */
export function openCircle(circleId, begun = {}) {
  // What was shown from before goes on being looked at when the network is back.
  const shown = liveClient.current === null && model.value.circleId === circleId;
  closeCircle();
  const cached = cachedCircle(circleId);
  model.set({
    phase: "open",
    circleId,
    view: shown ? model.value.view : { name: "overview" },
    live: cached?.live ?? NOTHING_YET,
    cachedAt: cached ? cached.at : null,
    loaded: cached ? keptOf(cached) : NOTHING_LOADED,
    chosenRoadId: null,
    tilesVersion: "",
    attribution: null,
  });
  const live = new Live({
    circleId,
    liveUrl: socketAddress(model.value.config?.live_url ?? "/live"),
    first: begun.ticket ? { ticket: begun.ticket.ticket, socket: begun.socket ?? null } : null,
    device: deviceName(),
    cursor,
    onMessage: (message) => receive(circleId, message),
    onConnection: (connection) => {
      model.set({ connection });
      if (connection.problem === "not_signed_in") forget();
    },
    onOutbox: (outbox) => model.set({ outbox }),
  });
  liveClient.current = live;
  const { circle } = begun;
  if (circle?.snapshot.circle.id === circleId) receive(circleId, { type: "snapshot", ...circle });
  live.start();
  setTimeout(loadRest, REST_AFTER_MS);
}

/** What can wait: the map, what lies on it, other screens. */
function loadRest() {
  model.set({ rest: true });
}

export function closeCircle() {
  liveClient.current?.stop();
  liveClient.current = null;
}

/** @param {import("../../state/offline-cache.js").CachedCircle} cached */
export function showCached(cached) {
  const { circleId, at, live: state } = cached;
  model.set({
    phase: "open",
    circleId,
    live: state,
    cachedAt: at,
    loaded: keptOf(cached),
    connection: { phase: navigator.onLine ? "connecting" : "offline", heardAt: at, problem: null },
  });
  setTimeout(loadRest, REST_AFTER_MS);
}

/**
 * What is kept beside the snapshot, until it is asked for again: a gate on the way is shut without a signal, too.
 * @param {import("../../state/offline-cache.js").CachedCircle} cached
 */
function keptOf({ circleId, gates }) {
  if (!gates) return NOTHING_LOADED;
  const subject = pathOf(circleId, "gates");
  return { ...NOTHING_LOADED, gates: { ...NOTHING_LOADED.gates, subject, status: /** @type {const} */ ("ready"), value: gates } };
}

function cursor() {
  const { live: state, cachedAt } = model.value;
  // A cached snapshot lacks positions, and is old: ask for a whole one.
  return cachedAt === null ? positionOf(state) : NO_POSITION;
}

/**
 * @param {string} circleId
 * @param {import("../../types/messages.js").ServerMessage} message
 */
function receive(circleId, message) {
  const before = model.value.live;
  const after = apply(before, message);
  if (after === before) return;
  // What a notification said of an alert is in the snapshot in full.
  model.set({ live: after, ...(message.type === "snapshot" ? { cachedAt: null, pushed: null } : {}) });
  if (message.type === "snapshot") requestAnimationFrame(() => setTimeout(loadRest));
  if (message.type !== "position") cacheSoon(circleId);
  if (message.type === "snapshot" && missedSome(before, message.snapshot)) return COLLECTIONS.forEach(renew);
  const event = message.type === "event" ? message.event : null;
  if (event?.kind !== "features_changed") return;
  COLLECTIONS.filter(({ name }) => name === event.noun).forEach(renew);
}

/** @param {import("../../state/layers.js").Layer<any>} layer */
const renew = ({ name }) => refresh(/** @type {import("../../state/resources.js").ResourceName} */ (name));

/**
 * Whether more happened since than the log tells: files may have been imported, or imports removed.
 * @param {import("../../types/page.js").CircleState} before
 * @param {import("../../types/messages.js").CircleSnapshot} after
 */
const missedSome = ({ snapshot }, after) => snapshot !== null && (snapshot.epoch !== after.epoch || snapshot.seq !== after.seq);

/** @type {ReturnType<typeof setTimeout> | undefined} */
let caching;

/** @param {string} circleId */
function cacheSoon(circleId) {
  clearTimeout(caching);
  caching = setTimeout(() => cacheNow(circleId), 500);
}

/** @param {string} circleId */
function cacheNow(circleId) {
  clearTimeout(caching);
  caching = undefined;
  if (model.value.circleId === circleId) cacheCircle(circleId, model.value.live, now(), model.value.loaded.gates.value);
}

// A page that goes away takes along what it has just heard.
addEventListener("pagehide", () => {
  const { circleId } = model.value;
  if (caching !== undefined && circleId) cacheNow(circleId);
});

/** Keep what is on the map in line with the circle that is open. */
export function startLoadingMap() {
  for (const layer of COLLECTIONS) {
    const name = /** @type {import("../../state/resources.js").ResourceName} */ (layer.name);
    keepLoaded(name, ["phase", "circleId", "rest"], ({ phase, circleId, rest }) => (phase === "open" && circleId && rest ? collectionOf(circleId, layer) : null), { keepsOld: true });
  }
}

/**
 * @param {string} circleId
 * @param {import("../../state/layers.js").Layer<any>} layer
 */
function collectionOf(circleId, layer) {
  const path = pathOf(circleId, layer.name);
  return {
    subject: path,
    version: "",
    ask: async (/** @type {import("../../state/resources.js").Asking} */ { isWanted }) => {
      const { features, attribution } = await get(path);
      if (!isWanted()) return undefined;
      const loadedBefore = model.value.loaded[/** @type {"buildings"} */ (layer.name)].value !== null;
      model.set({ attribution: attribution ?? "", ...(loadedBefore && layer.shape === "block" ? { tilesVersion: tilesVersion() } : {}) });
      if (layer.name === "gates") cacheSoon(circleId);
      return features.map(layer.fromFeature);
    },
  };
}

/**
 * @param {string} circleId
 * @param {string} name
 */
const pathOf = (circleId, name) => `/circles/${circleId}/${name}`;

/** Another address for tiles that have changed: the browser keeps those of the last one for a minute. */
function tilesVersion() {
  const { snapshot } = model.value.live;
  return snapshot ? `${snapshot.epoch}.${snapshot.seq}` : "";
}

function deviceName() {
  const key = "responder.device";
  const stored = remembered(key);
  if (stored) return stored;
  const made = `web-${crypto.randomUUID().slice(0, 8)}`;
  remember(key, made);
  return made;
}
