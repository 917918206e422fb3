// Words by language: t("key", { name: value }). Chinese first, English complete; a test keeps both in step.

import { addressOf } from "./addresses.js";
import { remember, remembered } from "./storage.js";
import { untilAgain } from "./until-again.js";

export const LANGUAGES = Object.freeze(["zh-CN", "en"]);
/** Waits before a word file that did not arrive whole is asked for again, in milliseconds; the last one from then on. */
const AGAIN_MS = [300, 1000, 3000, 8000];
const STORED = "responder.language";

/** @type {Record<string, string>} */
let words = {};
/** @type {Record<string, Record<string, string>>} of parts that are loaded later, by language */
const more = {};
let current = "zh-CN";

/** @returns {string} the language chosen before, or else Chinese */
export function chosenLanguage() {
  const stored = remembered(STORED);
  return stored && LANGUAGES.includes(stored) ? stored : "zh-CN";
}

/**
 * Load a language and make it the page's.
 * @param {string} language
 */
export async function useLanguage(language) {
  words = await load(language);
  current = language;
  remember(STORED, language);
  document.documentElement.lang = language;
}

/**
 * Words are worth waiting for: the page says nothing without them.
 * @param {string} language
 * @returns {Promise<Record<string, string>>}
 */
async function load(language) {
  for (let tries = 0; ; tries += 1) {
    try {
      // What came cut may lie in the browser's own cache.
      const answer = await (asked(language) ?? fetch(addressOf(`words-${language}`), { cache: tries ? "reload" : "default" }));
      if (answer.ok) return await answer.json();
    } catch {
      // No network, or not the whole file.
    }
    await untilAgain(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)] ?? 0);
  }
}

/**
 * Words that were asked for before this script had arrived.
 * @param {string} language
 */
function asked(language) {
  const { early } = globalThis;
  const words = early?.language === language ? early.words : null;
  if (early) early.words = null;
  return words;
}

/**
 * Words of a part that is loaded later.
 * @param {Record<string, Record<string, string>>} some  by language
 */
export function addWords(some) {
  for (const [each, its] of Object.entries(some)) more[each] = { ...more[each], ...its };
}

/** @returns {string} */
export function language() {
  return current;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string} the words, or the key itself when there are none
 */
export function t(key, values = {}) {
  const text = words[key] ?? more[current]?.[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @param {string} key
 * @returns {boolean}
 */
export function hasWords(key) {
  return key in words || key in (more[current] ?? {});
}

/**
 * The name in the page's language of something that has one in each.
 * @param {{ name: string, name_en?: string }} thing
 */
export function nameOf(thing) {
  return (current === "en" && thing.name_en) || thing.name;
}
