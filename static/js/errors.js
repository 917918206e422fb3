// An error's code in words.

import { ApiError } from "./api.js";
import { hasWords, t } from "./i18n.js";

/**
 * @param {unknown} error
 * @returns {string} a code that has words
 */
export function codeOf(error) {
  if (!(error instanceof ApiError)) return "unexpected";
  return hasWords(`error.${error.code}`) ? error.code : "server_error";
}

/** @param {string} code */
export function errorWords(code) {
  return t(hasWords(`error.${code}`) ? `error.${code}` : "error.unexpected");
}
