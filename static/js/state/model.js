// The page's whole state in one value, and who wants to hear when it changes.

import { COLLECTIONS, LAYERS } from "./layers.js";
import { applyAnswer, NOTHING_YET } from "./store.js";

/**
 * @typedef {import("../types/page.js").Model} Model
 */

/** @type {import("../types/page.js").Loaded<any>} */
const NOT_LOADED = Object.freeze({ key: "", subject: "", status: "loading", value: null, error: null });

const ASKED_FOR = [...COLLECTIONS.map(({ name }) => name), "nearest", "inspections", "reach", "bands", "criticality", "cost", "profiles", "ladders", "neighbours", "callList", "proposals", "drills", "drillTemplates", "drillPlan", "plannedReach", "overdueFindings", "findings", "planFindings", "drillProgramme", "drillRun", "observations", "ownChannels", "waitingReports", "decidedReports", "hazardLife", "hazardFollowUp"];

/** @type {Model["loaded"]} */
export const NOTHING_LOADED = /** @type {any} */ (Object.freeze(Object.fromEntries(ASKED_FOR.map((name) => [name, NOT_LOADED]))));

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
  cachedAt: null,
  connection: { phase: "connecting", heardAt: null, problem: null },
  outbox: [],
  loaded: NOTHING_LOADED,
  tilesVersion: "",
  attribution: null,
  view: { name: "overview" },
  alternatives: null,
  drill: false,
  layers: SHOWN_AT_FIRST,
  bandProfile: "foot",
  chosenRoadId: null,
  profileEdits: NO_EDITS,
  focusedUnitId: null,
  chosenUnits: {},
  draft: EMPTY_DRAFT,
  raise: { status: "idle", kind: null, error: null, candidates: [] },
  drillDraft: null,
  ending: null,
  moving: null,
  placing: null,
  steering: false,
  callListOf: null,
  deciding: null,
  invitation: null,
  madeInvitation: null,
  toasts: [],
  language: "zh-CN",
  theme: "auto",
  sound: true,
  sheet: "half",
  screens: "away",
  studio: "away",
  registers: "away",
  participant: "away",
  observed: [],
  marks: [],
  rest: false,
  pushed: null,
};

class Observable {
  /** @type {Map<(model: Model) => void, readonly (keyof Model)[] | null>} */
  #listeners = new Map();

  /** @param {Model} value */
  constructor(value) {
    this.value = value;
  }

  /** @param {Partial<Model>} change */
  set(change) {
    const before = this.value;
    this.value = { ...before, ...change };
    const changed = new Set(/** @type {(keyof Model)[]} */ (Object.keys(change)).filter((field) => before[field] !== change[field]));
    if (changed.size === 0) return;
    for (const [listener, restsOn] of [...this.#listeners]) {
      if (!restsOn || restsOn.some((field) => changed.has(field))) listener(this.value);
    }
  }

  /**
   * @param {(model: Model) => void} listener
   * @param {readonly (keyof Model)[]} [restsOn]  fields of which a change wakes it; any, when it does not say
   * @returns {() => void} stops listening
   */
  listen(listener, restsOn) {
    this.#listeners.set(listener, restsOn ?? null);
    return () => this.#listeners.delete(listener);
  }
}

export const model = new Observable(AT_START);

/** Forget everything of the account and circle; what the device prefers stays. */
export function forget() {
  const { config, language, theme, sound, layers, bandProfile, screens, studio, participant, registers, rest, pushed } = model.value;
  model.set({ ...AT_START, config, language, theme, sound, layers, bandProfile, screens, studio, participant, registers, rest, pushed, phase: "signed_out" });
}

/**
 * Show at once what a command has done: its event, which follows on the live line, says the same.
 * @param {import("../types/messages.js").EventMessage["event"]} event
 * @param {Model["live"]} sentAt  what was known when the command was sent
 */
export function showAnswer(event, sentAt) {
  model.set({ live: applyAnswer(model.value.live, event, sentAt) });
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
