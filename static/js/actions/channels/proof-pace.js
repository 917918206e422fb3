// How often the proof of an incident's messages is asked for: events tell of answers, but not of what services say.

/** While messages are on their way: what became of them shows soon. */
export const SOON_S = 2;
/** When nothing is on its way, a service may still report that one was delivered. */
export const SELDOM_S = 30;

/**
 * @param {{ messages: readonly { state: string }[] | null, shown: boolean, stale: boolean, ended: boolean }} known  `stale`: the incident has changed since it was asked for
 * @returns {number} seconds between two questions
 */
export function askProofAfterS({ messages, shown, stale, ended }) {
  if (messages === null || stale) return SOON_S;
  if (!shown) return Infinity;
  if (messages.some(({ state }) => state === "queued" || state === "sent")) return SOON_S;
  return ended ? Infinity : SELDOM_S;
}
