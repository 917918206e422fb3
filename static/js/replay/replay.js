// The replay of a drill in one file: everything it needs is in it, and nothing is asked for.

import { followButtons, followKeys, followPointers } from "./gestures.js";
import { legendOf } from "./legend.js";
import { Player } from "./player.js";
import { Scene } from "./scene.js";
import { stopwatch } from "../lib/clock.js";
import { clockS, story, whoIn } from "./story.js";

const SPEEDS = [1, 2, 4, 8, 16];
const NARROW = "(max-width: 700px), (max-height: 500px)";
const given = JSON.parse(document.querySelector("#recording")?.textContent ?? "{}");
const { words, language, recording, ground, place, names } = given;
/** @type {import("./story.js").Word} */
const word = (key, values = {}) => String(words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
const { run } = recording;
const begins = Date.parse(run.started_at);
const ends = Math.max(begins + 1000, run.ended_at ? Date.parse(run.ended_at) : Date.parse(given.made_at));
const label = (/** @type {{ name: string, name_en: string }} */ { name, name_en }) => (language === "en" && name_en) || name;
const player = new Player(recording);
const lines = story(recording, { word, who: whoIn(recording.base, { word, label, names }), names });

let now = begins;
let speed = 4;
let playing = false;
let last = 0;

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const slider = /** @type {HTMLInputElement} */ (find("time"));
const list = find("story");
const map = find("map");
const scene = new Scene(map, ground, place);
scene.focus([[place.lon, place.lat], ...whereUnitsWere()]);
const moves = { pan: scene.pan.bind(scene), zoom: scene.zoom.bind(scene), whole: scene.whole.bind(scene) };
followPointers(map, moves);
followKeys(map, moves);
followButtons({ closer: find("closer"), farther: find("farther"), all: find("all") }, moves);
find("signs").append(...legendOf(word));
/** @type {HTMLDetailsElement} */ (find("legend")).open = !matchMedia(NARROW).matches;
slider.max = String(Math.ceil((ends - begins) / 1000));
for (const { at_ms, kind, text } of lines) {
  const item = document.createElement("li");
  const jump = document.createElement("button");
  jump.className = kind;
  const clock = document.createElement("time");
  clock.textContent = stopwatch(clockS(run, at_ms));
  const dot = document.createElement("i");
  dot.className = "dot";
  const said = document.createElement("span");
  said.textContent = text;
  jump.append(clock, dot, said);
  jump.addEventListener("click", () => seek(at_ms));
  item.append(jump);
  list.append(item);
  const mark = document.createElement("i");
  mark.className = `dot ${kind}`;
  mark.style.left = `${(100 * Math.min(1, Math.max(0, (at_ms - begins) / (ends - begins)))).toFixed(2)}%`;
  find("marks").append(mark);
}

/** Of those who took part, from their call to the end: that is what the map shows first. */
function whereUnitsWere() {
  const called = new Set(recording.base.incidents.filter((/** @type {any} */ { incident }) => incident.id === run.incident_id).flatMap((/** @type {any} */ { deliveries }) => deliveries.map((/** @type {any} */ { unit_id }) => unit_id)));
  const posts = recording.base.units.filter((/** @type {any} */ { id }) => called.has(id)).map((/** @type {any} */ { post }) => post);
  return [...posts, ...recording.track.map((/** @type {any} */ { lon, lat }) => [lon, lat])];
}

/** @param {number} moment */
function seek(moment) {
  now = Math.min(ends, Math.max(begins, moment));
  draw();
}

function draw() {
  const snapshot = player.at(now);
  scene.show(snapshot, { incidentId: run.incident_id, drillId: run.drill_id, label });
  slider.value = String(Math.round((now - begins) / 1000));
  const clock = stopwatch(clockS(run, now));
  slider.setAttribute("aria-valuetext", clock);
  find("clock").textContent = clock;
  const state = snapshot.drills.find(({ drill_id }) => drill_id === run.drill_id)?.state ?? "ended";
  find("state").textContent = word(state);
  const shown = lines.filter(({ at_ms }) => at_ms <= now).length;
  [...list.children].forEach((item, index) => item.classList.toggle("later", index >= shown));
  [...list.children].forEach((item, index) => item.classList.toggle("latest", index === shown - 1));
  list.querySelector(".latest")?.scrollIntoView({ block: "nearest" });
  const link = `#t=${Math.round((now - begins) / 1000)}`;
  /** @type {HTMLAnchorElement} */ (find("moment")).href = link;
  showWayOn();
}

/** A rehearsal goes on from any moment at which the drill was not over yet; the server is asked for it. */
function showWayOn() {
  const onward = /** @type {HTMLAnchorElement} */ (find("go-on"));
  const fromS = Math.floor((now - begins) / 1000);
  const isOver = run.ended_at !== null && now >= Date.parse(run.ended_at);
  onward.hidden = !given.goes_on || isOver || location.protocol === "file:";
  onward.href = `${given.goes_on}${fromS}`;
}

/** @param {number} frame */
function tick(frame) {
  if (!playing) return;
  now = Math.min(ends, now + (frame - last) * speed);
  last = frame;
  if (now >= ends) play(false);
  draw();
  requestAnimationFrame(tick);
}

/** @param {boolean} on */
function play(on) {
  if (on && now >= ends) now = begins;
  playing = on;
  find("play").textContent = word(on ? "stop" : "play");
  if (!on) return;
  requestAnimationFrame((frame) => {
    last = frame;
    tick(frame);
  });
}

find("play").addEventListener("click", () => play(!playing));
slider.addEventListener("input", () => seek(begins + 1000 * Number(slider.value)));
for (const each of SPEEDS) {
  const choose = document.createElement("button");
  choose.textContent = `${each}×`;
  choose.setAttribute("aria-pressed", String(each === speed));
  choose.addEventListener("click", () => {
    speed = each;
    for (const other of find("speeds").children) other.setAttribute("aria-pressed", String(other === choose));
  });
  find("speeds").append(choose);
}
function fromLink() {
  const asked = /^#t=(\d+)$/.exec(location.hash);
  if (asked) seek(begins + 1000 * Number(asked[1]));
}
addEventListener("hashchange", fromLink);
draw();
fromLink();
// For those who measure how soon a moment is found.
Object.assign(globalThis, { seekTo: (/** @type {number} */ seconds) => seek(begins + 1000 * seconds) });
