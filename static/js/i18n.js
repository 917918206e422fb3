// Words by language: t("key", { name: value }). Chinese first, English complete; a test keeps both in step.

export const LANGUAGES = Object.freeze(["zh-CN", "en"]);
const STORED = "responder.language";

/** @type {Record<string, string>} */
let words = {};
let current = "zh-CN";

/** @returns {string} the language chosen before, or else Chinese */
export function chosenLanguage() {
  const stored = localStorage.getItem(STORED);
  return stored && LANGUAGES.includes(stored) ? stored : "zh-CN";
}

/**
 * Load a language and make it the page's.
 * @param {string} language
 */
export async function useLanguage(language) {
  const answer = await fetch(new URL(`../locales/${language}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`no words for ${language}`);
  words = await answer.json();
  current = language;
  localStorage.setItem(STORED, language);
  document.documentElement.lang = language;
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
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * @param {string} key
 * @returns {boolean}
 */
export function hasWords(key) {
  return key in words;
}

/**
 * The name in the page's language of something that has one in each.
 * @param {{ name: string, name_en?: string }} thing
 */
export function nameOf(thing) {
  return (current === "en" && thing.name_en) || thing.name;
}
