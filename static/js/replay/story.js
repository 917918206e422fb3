// What happened in a drill, one line each, with its second of the drill's clock.

/**
 * @typedef {{ at_ms: number, kind: string, text: string, key?: string }} Line
 * @typedef {{ started_at: string, ended_at: string | null, pauses: { begins_at: string, ends_at: string | null }[], injects: { number: number, state: string, at_s: number | null }[] }} Run
 */

const TOLD = new Set(["accepted", "en_route", "on_scene", "declined"]);

/**
 * What the drill's clock showed at a moment: it stands still in pauses.
 * @param {Run} run
 * @param {number} momentMs
 */
export function clockS(run, momentMs) {
  const until = Math.min(momentMs, run.ended_at ? Date.parse(run.ended_at) : Infinity);
  let paused = 0;
  for (const { begins_at, ends_at } of run.pauses) {
    paused += Math.max(0, Math.min(until, ends_at ? Date.parse(ends_at) : until) - Date.parse(begins_at));
  }
  return Math.max(0, (until - Date.parse(run.started_at) - paused) / 1000);
}

/** @param {number} seconds */
export function mmss(seconds) {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * @param {{ events: any[], drill: any, run: any, observations: any[] }} recording
 * @param {(key: string) => string} word
 * @returns {Line[]} by their moment
 */
export function story({ events, drill, run, observations }, word) {
  /** @type {Line[]} */
  const lines = [{ at_ms: Date.parse(run.started_at), kind: "run", text: word("started") }];
  const texts = new Map(drill.plan.injects.map((/** @type {any} */ inject) => [inject.number, inject.text]));
  const seen = new Set(["running 0"]);
  /**
   * @param {string} key  what is told once
   * @param {Line} line
   */
  const tell = (key, line) => {
    if (!seen.has(key)) lines.push(line);
    seen.add(key);
  };
  for (const { at, event } of events) {
    const at_ms = Date.parse(at);
    if (event.kind === "drill_run_changed" && event.run.drill_id === run.drill_id) {
      for (const inject of event.run.injects.filter((/** @type {any} */ each) => each.state !== "planned")) {
        tell(`inject ${inject.number} ${inject.state}`, { at_ms, kind: "inject", text: `${inject.number} ${word(inject.state)}：${texts.get(inject.number) ?? ""}` });
      }
      const { state, pauses } = event.run;
      tell(`${state} ${pauses.length}`, { at_ms, kind: "run", text: word(state === "running" ? "resumed" : state) });
    }
    if (event.kind === "deliveries_updated" && event.incident_id === run.incident_id) {
      for (const each of event.deliveries.filter((/** @type {any} */ delivery) => TOLD.has(delivery.state))) {
        tell(`${each.recipient_id} ${each.state}`, { at_ms, kind: each.state, text: `${each.recipient_name} ${word(each.state)}` });
      }
    }
  }
  for (const each of observations) {
    lines.push({ at_ms: Date.parse(each.at), kind: `observation ${each.verdict}`, text: `${word(each.verdict)}：${each.text} ${each.by_name}`, key: each.id });
  }
  return lines.sort((a, b) => a.at_ms - b.at_ms);
}
