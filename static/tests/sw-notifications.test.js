// The service worker shows alerts that come while the page is closed.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { browser } from "./worker.js";

const PUSHED = JSON.parse(readFileSync(new URL("pushed-alert.json", import.meta.url), "utf8"));
const EXERCISE = { ...PUSHED, exercise: true, head: `【演练】${PUSHED.head}` };
const stored = ({ ok = true } = {}) => async () => ({ ok });

test("a pushed alert is shown as it says, kept for the page, and confirmed", async () => {
  const sent = [];
  const { push, kept, shown } = browser(async (path, init) => (sent.push([path, JSON.parse(init.body)]), { ok: true }));

  await push(PUSHED);

  const [{ title, body, tag, requireInteraction, renotify, actions, lang }] = shown;
  assert.deepEqual([title, body, tag], [PUSHED.head, PUSHED.lines.join("\n"), PUSHED.incident_id]);
  assert.deepEqual([requireInteraction, renotify, lang], [true, true, "zh-CN"]);
  assert.deepEqual(actions, PUSHED.actions);
  const [[path, answer]] = [...kept.get("pushed-alerts")];
  assert.equal(path, `/pushed-alerts/${PUSHED.alert_id}`);
  assert.deepEqual(await answer.json(), PUSHED);
  assert.equal(sent[0][0], `/api/circles/${PUSHED.circle_id}/alerts/${PUSHED.alert_id}/receipts`);
  assert.equal(sent[0][1].state, "delivered");
});

test("an exercise is told from a real alert without looking", async () => {
  const { push, shown } = browser(stored());

  await push(PUSHED);
  await push(EXERCISE);

  const [real, exercise] = shown;
  const length = (/** @type {number[]} */ pattern) => pattern.reduce((sum, ms) => sum + ms, 0);
  assert.ok(length(real.vibrate) > 2 * length(exercise.vibrate));
  assert.notEqual(real.icon, exercise.icon);
  assert.equal(exercise.requireInteraction, false);
});

test("what cannot be read, and what is no alert, is shown all the same and confirmed to no one", async () => {
  const { push, click, shown, asked, opened, kept } = browser(stored());

  await push("{broken");
  await push("{}");
  await push({ ...PUSHED, alert_id: null, incident_id: null, circle_id: null });
  await click(shown[2].data);

  assert.equal(shown.length, 3);
  assert.equal(shown[2].title, PUSHED.head);
  assert.deepEqual([asked, opened, kept.has("pushed-alerts")], [[], ["/"], false]);
});

test("an alert is shown also where storage is full and no network is there", async () => {
  const { push, shown } = browser(
    () => {
      throw new TypeError("Failed to fetch");
    },
    { full: true },
  );

  await push(PUSHED);

  assert.equal(shown.length, 1);
});

test("a tap opens the page at the alert, by ids alone", async () => {
  const { click, opened } = browser(stored());

  await click(PUSHED);

  assert.deepEqual(opened, [`/#alert=${PUSHED.alert_id}&circle=${PUSHED.circle_id}`]);
});

test("a tap brings a page that is open to the front, the visible one first", async () => {
  const told = [];
  const page = (/** @type {string} */ visibilityState) => ({
    visibilityState,
    postMessage: (/** @type {any} */ message) => told.push([visibilityState, message]),
    focus: async () => told.push([visibilityState, "focus"]),
  });
  const { click, opened } = browser(stored(), { pages: [page("hidden"), page("visible")] });

  await click(PUSHED);

  assert.deepEqual(told, [["visible", { type: "show_alert", alert: PUSHED }], ["visible", "focus"]]);
  assert.deepEqual(opened, []);
});

test("an answer on the notification needs no page, unless the server does not take it", async () => {
  const taken = browser(stored());
  await taken.click(PUSHED, "accepted");
  assert.deepEqual([taken.asked.length, taken.opened], [1, []]);

  const refused = browser(stored({ ok: false }));
  await refused.click(PUSHED, "declined");
  assert.equal(refused.opened.length, 1);
});

test("only the last alerts are kept for the page", async () => {
  const { push, kept } = browser(stored());

  for (let n = 0; n < 8; n += 1) await push({ ...PUSHED, alert_id: `a${n}` });

  assert.deepEqual([...kept.get("pushed-alerts").keys()], ["a3", "a4", "a5", "a6", "a7"].map((id) => `/pushed-alerts/${id}`));
});

test("a page that a notification opens has the alert in it before any script has run, and no markup of others", async () => {
  const page = (/** @type {string} */ path) => new Response(path === "/" ? '<body><main class="starting" id="starting"><h1>x</h1>' : "", { headers: { ETag: "1", "X-Kept": "yes" } });
  const { happen, push, get } = browser(page);
  await happen("install");
  await push({ ...PUSHED, head: "火情 · <img src=x>", lines: ["步行 4 分钟 & 从北门进"], exercise: true, severity: 'red"><b' });

  assert.equal((await get("/#alert=unknown", "navigate")).headers.get("ETag"), "1");
  const answer = await get(`/#alert=${PUSHED.alert_id}&circle=${PUSHED.circle_id}`, "navigate");
  const text = await answer.text();
  assert.ok(text.includes('id="starting"><section class="pushed-notice severity-red&#34;&#62;&#60;b" data-exercise role="alert"><h2>火情 · &#60;img src=x&#62;</h2>'));
  assert.ok(text.includes("<p>步行 4 分钟 &#38; 从北门进</p></div></section><h1>x</h1>"));
  assert.deepEqual([answer.headers.get("ETag"), answer.headers.get("X-Kept")], [null, "yes"]);
});
