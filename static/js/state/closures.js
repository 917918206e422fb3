// Closures and time. Pure.

/**
 * @param {import("../types/messages.js").Closure} closure
 * @param {number} nowMs
 */
export function inForce(closure, nowMs) {
  if (closure.lifted_at !== null) return false;
  const begun = closure.starts_at === null || Date.parse(closure.starts_at) <= nowMs;
  return begun && (closure.ends_at === null || nowMs < Date.parse(closure.ends_at));
}
