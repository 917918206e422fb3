// What happened in a drill, one line each, with its second of the drill's clock.

/**
 * @typedef {{ at_ms: number, kind: string, text: string }} Line
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

/**
 * A word of the page with its values.
 * @typedef {(key: string, values?: Readonly<Record<string, string | number>>) => string} Word
 */

/**
 * Who a call went to: by name, or as someone of a unit, with the partner whose unit it is.
 * @param {{ units: any[], partners: any[] }} base
 * @param {{ word: Word, label: (thing: { name: string, name_en: string }) => string, names: boolean }} how
 * @returns {(delivery: { recipient_name: string, unit_id: string, partner_id: string }) => string}
 */
export function whoIn({ units, partners }, { word, label, names }) {
  const known = new Map([...units, ...partners].map((each) => [each.id, label(each)]));
  return ({ recipient_name: name, unit_id, partner_id }) => {
    const unit = known.get(unit_id);
    const of = unit ? word("of_unit", { unit, partner: known.get(partner_id) ?? "" }) : known.get(partner_id);
    if (names) return of ? word("named_of", { name, of }) : name;
    return of ? word("someone_of", { of }) : word("someone");
  };
}

/**
 * @param {{ events: any[], drill: any, run: any, observations: any[] }} recording
 * @param {{ word: Word, who: ReturnType<typeof whoIn>, names: boolean }} how
 * @returns {Line[]} by their moment
 */
export function story({ events, drill, run, observations }, { word, who, names }) {
  /** @type {Line[]} */
  const lines = [{ at_ms: Date.parse(run.started_at), kind: "run", text: word("started") }];
  const texts = new Map(drill.plan.injects.map((/** @type {any} */ inject) => [inject.number, inject.text]));
  const seen = new Set(["running 0"]);
  let facts = 0;
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
        tell(`inject ${inject.number} ${inject.state}`, { at_ms, kind: "inject", text: word("said", { what: `${inject.number} ${word(inject.state)}`, text: texts.get(inject.number) ?? "" }) });
      }
      const { state, pauses } = event.run;
      tell(`${state} ${pauses.length}`, { at_ms, kind: "run", text: word(state === "running" ? "resumed" : state) });
      lines.push(...reports(event.run.facts, facts, { texts, word }).map((each) => ({ at_ms, ...each })));
      facts = event.run.facts.length;
    }
    if (event.kind === "deliveries_updated" && event.incident_id === run.incident_id) {
      for (const each of event.deliveries.filter((/** @type {any} */ delivery) => TOLD.has(delivery.state))) {
        tell(`${each.recipient_id} ${each.state}`, { at_ms, kind: each.state, text: word("did", { who: who(each), what: word(each.state) }) });
      }
    }
  }
  for (const { at, verdict, text, by_name } of observations) {
    lines.push({ at_ms: Date.parse(at), kind: `observation ${verdict}`, text: word("said", { what: word(verdict), text: names ? `${text} ${by_name}` : text }) });
  }
  return lines.sort((a, b) => a.at_ms - b.at_ms);
}

/**
 * What people said of lanes, and of how many they counted; other facts are told by themselves.
 * @param {{ kind: string, people: number, inject: number | null }[]} facts
 * @param {number} begin  how many have been told
 * @param {{ texts: ReadonlyMap<number, string>, word: Word }} how
 */
function reports(facts, begin, { texts, word }) {
  return facts.slice(begin).flatMap(({ kind, people, inject }, index) => {
    if (kind === "lane_clear") return [{ kind, text: word(kind, { lane: texts.get(Number(inject)) ?? "" }) }];
    if (kind !== "counted") return [];
    const inAll = facts.slice(0, begin + index + 1).reduce((sum, each) => sum + (each.kind === kind ? each.people : 0), 0);
    return [{ kind, text: word(kind, { change: people < 0 ? `−${-people}` : `+${people}`, people: inAll }) }];
  });
}
