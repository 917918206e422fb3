// An error's code in words.

import { ApiError } from "./api.js";
import { duration } from "./format.js";
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

/**
 * @param {unknown} error
 * @returns {import("../types/page.js").Problem}
 */
export function problemOf(error) {
  return { code: codeOf(error), waitS: error instanceof ApiError ? error.retryAfterS : null };
}

/** @param {import("../types/page.js").Problem} problem */
export function problemWords({ code, waitS }) {
  if (code === "too_many_attempts" && waitS !== null) return t("error_wait.too_many_attempts", { time: duration(waitS) });
  return errorWords(code);
}
