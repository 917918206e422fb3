// The page's whole state in one value, and who wants to hear when it changes.

import { COLLECTIONS, LAYERS } from "./layers.js";
import { NOTHING_YET } from "./store.js";
import { EMPTY_STUDY } from "./study.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 */

/** @type {import("../types/page.js").Loaded<any>} */
export const NOT_LOADED = Object.freeze({ key: "", status: "loading", value: null, error: null });

/** What requests of their own bring of the things on the map. */
export const NOTHING_LOADED = Object.freeze(
  /** @type {Pick<Model, "buildings" | "facilities">} */ (Object.fromEntries(COLLECTIONS.map(({ name }) => [name, NOT_LOADED]))),
);

const SHOWN_AT_FIRST = /** @type {Model["layers"]} */ ({
  ...Object.fromEntries(LAYERS.map(({ name }) => [name, true])),
  bands: false,
  labels: true,
});

/** @type {import("../types/page.js").ClosureDraft} */
export const EMPTY_DRAFT = Object.freeze({
  points: [],
  before: [],
  widerThanM: null,
  hours: 2,
  name: "",
  sending: false,
  error: null,
});

/** @type {import("../types/page.js").ProfileEdits} */
export const NO_EDITS = Object.freeze({ open: false, typed: {}, sending: false, refused: null, undo: null });

/** @type {Model} */
const AT_START = {
  phase: "starting",
  problem: null,
  config: null,
  account: null,
  circles: [],
  circleId: null,
  live: NOTHING_YET,
  keptAt: null,
  connection: { phase: "connecting", heardAt: null, problem: null },
  outbox: [],
  ...NOTHING_LOADED,
  tilesVersion: "",
  attribution: null,
  view: { name: "overview" },
  beside: null,
  drill: false,
  layers: SHOWN_AT_FIRST,
  bandProfile: "foot",
  bands: NOT_LOADED,
  reach: NOT_LOADED,
  study: EMPTY_STUDY,
  profileEdits: NO_EDITS,
  focusedUnitId: null,
  chosenUnits: {},
  draft: EMPTY_DRAFT,
  raise: { status: "idle", kind: null, error: null },
  ending: null,
  invitation: null,
  madeInvitation: null,
  toasts: [],
  language: "zh-CN",
  theme: "auto",
  sound: true,
  sheet: "half",
};

class Observable {
  /** @param {Model} value */
  constructor(value) {
    this.value = value;
    /** @type {Set<(model: Model) => void>} */
    this.listeners = new Set();
  }

  /** @param {Partial<Model>} change */
  set(change) {
    this.value = { ...this.value, ...change };
    for (const listener of [...this.listeners]) listener(this.value);
  }

  /**
   * @param {(model: Model) => void} listener
   * @returns {() => void} stops listening
   */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export const model = new Observable(AT_START);

/** Forget everything of the account and circle; what the device prefers stays. */
export function forget() {
  const { config, language, theme, sound, layers, bandProfile } = model.value;
  model.set({ ...AT_START, config, language, theme, sound, layers, bandProfile, phase: "signed_out" });
}

let toastId = 0;

/**
 * Say something for a few seconds.
 * @param {string} text
 * @param {"plain" | "problem"} [tone]
 * @returns {number} to `dismiss` it by, when it is not true any more
 */
export function toast(text, tone = "plain") {
  toastId += 1;
  const id = toastId;
  model.set({ toasts: [...model.value.toasts, { id, text, tone }] });
  setTimeout(() => dismiss(id), 6000);
  return id;
}

/** @param {number} id */
export function dismiss(id) {
  model.set({ toasts: model.value.toasts.filter((each) => each.id !== id) });
}
