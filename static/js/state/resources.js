// What the server is asked for as long as something shows it: one answer a name, under a key of what it rests on.

import { isPassing } from "../lib/api.js";
import { codeOf, problemOf } from "../lib/errors.js";
import { now } from "../lib/clock.js";
import { everySeconds } from "../lib/ticks.js";
import { model } from "./model.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 * @typedef {keyof Model["loaded"]} ResourceName
 *
 * @typedef {object} Asking
 * @property {() => boolean} isWanted  false once something else is looked at, or what the answer rests on has changed
 * @property {(value: any) => void} show  a part of the answer, until all of it is there
 *
 * @typedef {object} Wanted
 * @property {string} subject  as long as it is looked at, what was known before is shown until the answer comes
 * @property {string | null} version  of what the answer rests on beside it; null keeps what is known as it is
 * @property {(asking: Asking) => Promise<any>} ask  gives `undefined` when it gave up because nothing wants it any more
 */

const AGAIN_AFTER_S = 5;
const NEVER_MS = Infinity;

/** @type {Map<ResourceName, Resource>} */
const all = new Map();

class Resource {
  /** The key of what is wanted now; null when nothing shows it. */
  #wanted = /** @type {string | null} */ (null);
  #refreshed = 0;
  /** Whether nothing has shown it since it was asked for: by now it may be old. */
  #left = true;
  #againAtMs = NEVER_MS;

  /**
   * @param {ResourceName} name
   * @param {(model: Model) => Wanted | null} wanted
   * @param {{ keepsOld: boolean }} how
   */
  constructor(name, wanted, { keepsOld }) {
    this.name = name;
    this.wanted = wanted;
    this.keepsOld = keepsOld;
  }

  follow() {
    const wanted = this.wanted(model.value);
    const key = wanted && this.#keyOf(wanted);
    this.#wanted = key;
    if (!wanted || !key) {
      this.#left = true;
      return;
    }
    if (this.loaded.key !== key || now() >= this.#againAtMs) void this.#ask(wanted, key);
  }

  /** @param {Wanted} wanted */
  #keyOf({ subject, version }) {
    const { key, subject: known, value } = this.loaded;
    if (version === null && known === subject && value !== null) return key;
    return JSON.stringify([subject, version, this.#refreshed]);
  }

  refresh() {
    this.#refreshed += 1;
    this.follow();
  }

  get loaded() {
    return model.value.loaded[this.name];
  }

  /** @param {Partial<import("../types/page.js").Loaded<any>>} change */
  #put(change) {
    put(this.name, change);
  }

  /**
   * @param {Wanted} wanted
   * @param {string} key
   */
  async #ask({ subject, ask }, key) {
    const before = this.loaded;
    const shown = before.subject === subject && (this.keepsOld || !this.#left);
    this.#againAtMs = NEVER_MS;
    this.#left = false;
    // Of what is asked again by itself the last answer stays on screen: it would flicker otherwise.
    if (before.key !== key) this.#put({ key, subject, status: "loading", value: shown ? before.value : null, error: null });
    const isLatest = () => this.loaded.key === key;
    try {
      const value = await ask({ isWanted: () => this.#wanted === key && isLatest(), show: (part) => isLatest() && this.#put({ value: part }) });
      if (isLatest()) this.#put(value === undefined ? { key: "" } : { status: "ready", value, error: null });
    } catch (error) {
      if (!isLatest()) return;
      if (isPassing(error)) this.#againAtMs = now() + 1000 * Math.max(AGAIN_AFTER_S, problemOf(error).waitS ?? 0);
      this.#put({ status: "failed", value: this.keepsOld ? this.loaded.value : null, error: codeOf(error) });
    }
  }
}

/**
 * Ask from now on for what is wanted, each time it changes or time changes it.
 * @param {ResourceName} name
 * @param {(keyof Model)[]} restsOn  what `wanted` reads
 * @param {(model: Model) => Wanted | null} wanted  null when nothing shows it
 * @param {{ keepsOld?: boolean }} [how]  `keepsOld`: what is known is worth more than the news that it could not be renewed
 * @returns {() => void} stops asking
 */
export function keepLoaded(name, restsOn, wanted, { keepsOld = false } = {}) {
  const resource = new Resource(name, wanted, { keepsOld });
  const follow = () => resource.follow();
  const stop = [model.listen(follow, restsOn), everySeconds(1, follow)];
  all.set(name, resource);
  return () => stop.forEach((each) => each());
}

/**
 * Ask once more, although nothing that it rests on is known to have changed.
 * @param {ResourceName} name
 */
export function refresh(name) {
  all.get(name)?.refresh();
}

/**
 * What a command has answered, in place of what was loaded.
 * @param {ResourceName} name
 * @param {any} value
 */
export function putLoaded(name, value) {
  put(name, { status: "ready", value, error: null });
}

/**
 * @param {ResourceName} name
 * @param {Partial<import("../types/page.js").Loaded<any>>} change
 */
function put(name, change) {
  const { loaded } = model.value;
  model.set({ loaded: { ...loaded, [name]: { ...loaded[name], ...change } } });
}
