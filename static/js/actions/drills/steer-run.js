// Steering a drill that runs, and reporting in it: one command at a time, by the view that shows the drill.

import { request } from "../../lib/api.js";
import { codeOf } from "../../lib/errors.js";
import { model, showAnswer } from "../../state/model.js";
import { refresh } from "../../state/resources.js";

/** A start finds ways for everyone who is called. */
const TIMEOUT_MS = 60_000;

/** Views of a drill that send commands. */
const VIEWS = /** @type {const} */ (["drill_run", "drill_lane", "drill_observe"]);
/** @typedef {Extract<import("../../types/page.js").View, { name: typeof VIEWS[number] }>} DrillView */

/** @returns {DrillView | null} */
function shownDrill() {
  const { view } = model.value;
  return VIEWS.some((name) => name === view.name) ? /** @type {DrillView} */ (view) : null;
}

/**
 * @param {string} id  of the drill
 * @param {Partial<import("../../types/page.js").DrillRunView>} change
 */
function put(id, change) {
  const view = shownDrill();
  if (view?.id === id) model.set({ view: /** @type {DrillView} */ ({ ...view, ...change }) });
}

/**
 * @param {string} deed  the end of the command's path: `pause`, `injects/3/give`, `roll-call`
 * @param {object} [body]
 * @returns {Promise<boolean>} whether it was done
 */
export async function steerDrill(deed, body) {
  const { circleId, live: sentAt } = model.value;
  const view = shownDrill();
  if (!view || view.sending) return false;
  put(view.id, { sending: deed, error: null, asks: null });
  try {
    const run = await request("POST", `/circles/${circleId}/drills/${view.id}/${deed}`, { body, timeoutMs: TIMEOUT_MS });
    showAnswer({ kind: "drill_run_changed", run }, sentAt);
    put(view.id, { sending: null });
    return true;
  } catch (error) {
    const code = codeOf(error);
    const asks = code === "other_drill_running" ? "beside" : code === "real_alert_open" && (deed === "start" || deed === "resume") ? deed : null;
    put(view.id, { sending: null, asks, error: asks ? null : code });
    return false;
  } finally {
    refresh("drillRun");
  }
}

export const resumeDrill = () => steerDrill("resume", { beside_real: false });

export function startDrill() {
  const view = shownDrill();
  if (view?.name !== "drill_run") return;
  put(view.id, { beside: NOTHING });
  return begin("start", NOTHING);
}

const NOTHING = Object.freeze({ real: false, drill: false });

/**
 * A person has said that it goes on all the same beside what the server has asked about.
 * @param {"start" | "resume" | "beside"} asked
 */
export function beginBeside(asked) {
  const view = shownDrill();
  if (view?.name !== "drill_run") return;
  const before = view.beside ?? NOTHING;
  const beside = asked === "beside" ? { ...before, drill: true } : { ...before, real: true };
  put(view.id, { beside });
  return begin(asked === "resume" ? "resume" : "start", beside);
}

/**
 * @param {"start" | "resume"} deed
 * @param {{ real: boolean, drill: boolean }} beside
 */
const begin = (deed, { real, drill }) => steerDrill(deed, deed === "start" ? { beside_real: real, beside_drill: drill } : { beside_real: real });

/** The second step is not taken. @param {string} id */
export const stopAsking = (id) => put(id, { asks: null });

/**
 * @param {string} id
 * @param {Pick<import("../../types/page.js").DrillRunView, "large" | "shown">} how
 */
export const showLarge = (id, how) => put(id, how);
