// Requests to the server. Every failure is an ApiError with a code that the locales have words for.

import { learnFrom } from "./clock.js";

export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {number} status  0 when the server did not answer
   * @param {Record<string, unknown>} [problem]
   * @param {number | null} [retryAfterS]  how long the server wants to be left alone
   */
  constructor(code, status, problem = {}, retryAfterS = null) {
    super(code);
    this.code = code;
    this.status = status;
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

const TIMEOUT_MS = 15_000;

/**
 * @param {string} method
 * @param {string} path  below /api
 * @param {{ body?: unknown, headers?: Record<string, string>, timeoutMs?: number, begun?: Promise<Response> }} [options]  `begun`: it was
 *   sent already
 * @returns {Promise<any>} the parsed answer, undefined when it has no body
 */
export async function request(method, path, options) {
  const answer = await answerTo(method, path, options);
  return answer.status === 204 ? undefined : answer.json();
}

/**
 * @param {string} path  below /api
 * @param {number} timeoutMs
 * @returns {Promise<{ content: Blob, name: string }>} a file and its name
 */
export async function download(path, timeoutMs) {
  const answer = await answerTo("GET", path, { timeoutMs });
  const named = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("Content-Disposition") ?? "");
  return { content: await answer.blob(), name: decodeURIComponent(named?.[1] ?? "") };
}

/**
 * @param {string} method
 * @param {string} path
 * @param {Parameters<typeof request>[2]} options
 * @returns {Promise<Response>} one that says that it was done
 */
async function answerTo(method, path, { body, headers = {}, timeoutMs = TIMEOUT_MS, begun } = {}) {
  /** @type {RequestInit} */
  const init = {
    method,
    // A form's content type has its boundary in it, which only the browser knows; a picture's is its own.
    headers: body === undefined || isRaw(body) ? headers : { "Content-Type": "application/json", ...headers },
    credentials: "same-origin",
    signal: AbortSignal.timeout(timeoutMs),
    cache: "no-store",
  };
  if (body !== undefined) init.body = isRaw(body) ? body : JSON.stringify(body);

  // What was sent already was sent some time after the page was opened.
  const askedMs = begun ? performance.timeOrigin : Date.now();
  let answer;
  try {
    answer = await (begun ?? fetch(`/api${path}`, init));
  } catch {
    throw new ApiError(navigator.onLine ? "no_answer" : "offline", 0);
  }
  learnFrom(answer.headers.get("Date"), askedMs);
  if (answer.ok) return answer;

  const problem = await answer.json().catch(() => ({}));
  const code = typeof problem.code === "string" ? problem.code : "server_error";
  throw new ApiError(code, answer.status, problem, retryAfterS(answer));
}

/**
 * @param {unknown} body
 * @returns {body is FormData | Blob}
 */
const isRaw = (body) => body instanceof FormData || body instanceof Blob;

/**
 * @param {unknown} error
 * @returns {boolean} whether the same request may succeed a little later
 */
export function isPassing(error) {
  return error instanceof ApiError && (error.status === 0 || error.status === 408 || error.status >= 502);
}

/**
 * @param {Response} answer
 * @returns {number | null}
 */
function retryAfterS(answer) {
  const seconds = Number(answer.headers.get("Retry-After") ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

export const get = (/** @type {string} */ path) => request("GET", path);

/**
 * @param {Record<string, string | number | null | undefined>} values
 * @returns {string} a query string without what is not given
 */
export function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return search.size > 0 ? `?${search}` : "";
}
