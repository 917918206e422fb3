// The replay of a drill in one file: everything it needs is in it, and nothing is asked for.

import { Player } from "./player.js";
import { Scene } from "./scene.js";
import { clockS, mmss, story } from "./story.js";

const SPEEDS = [1, 2, 4, 8, 16];
const given = JSON.parse(document.querySelector("#recording")?.textContent ?? "{}");
const { words, language, recording, ground, place } = given;
const word = (/** @type {string} */ key) => words[key] ?? key;
const { run } = recording;
const begins = Date.parse(run.started_at);
const ends = Math.max(begins + 1000, run.ended_at ? Date.parse(run.ended_at) : Date.parse(given.made_at));
const player = new Player(recording);
const scene = new Scene(ground, place, word("map"));
const lines = story(recording, word);
const label = (/** @type {{ name: string, name_en: string }} */ unit) => (language === "en" && unit.name_en) || unit.name;

let now = begins;
let speed = 4;
let playing = false;
let last = 0;

const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const slider = /** @type {HTMLInputElement} */ (find("time"));
const list = find("story");
find("scene").append(scene.svg);
slider.max = String(Math.ceil((ends - begins) / 1000));
for (const line of lines) {
  const item = document.createElement("li");
  const jump = document.createElement("button");
  jump.className = line.kind;
  const clock = document.createElement("time");
  clock.textContent = mmss(clockS(run, line.at_ms));
  jump.append(clock, ` ${line.text}`);
  jump.addEventListener("click", () => seek(line.at_ms));
  item.append(jump);
  list.append(item);
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
  const clock = mmss(clockS(run, now));
  slider.setAttribute("aria-valuetext", clock);
  find("clock").textContent = clock;
  const state = snapshot.drills.find(({ drill_id }) => drill_id === run.drill_id)?.state ?? "ended";
  find("state").textContent = word(state);
  const shown = lines.filter(({ at_ms }) => at_ms <= now).length;
  [...list.children].forEach((item, index) => item.classList.toggle("later", index >= shown));
  [...list.children].forEach((item, index) => item.classList.toggle("latest", index === shown - 1));
  const link = `#t=${Math.round((now - begins) / 1000)}`;
  /** @type {HTMLAnchorElement} */ (find("moment")).href = link;
}

/** @param {number} frame */
function tick(frame) {
  if (!playing) return;
  now = Math.min(ends, now + (frame - last) * speed);
  last = frame;
  if (now >= ends) play(false);
  draw();
  list.querySelector(".latest")?.scrollIntoView({ block: "nearest" });
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
