// What a new password must be, to say so before it is sent. The server decides, and knows the common ones. Pure.

export const SHORTEST = 12;

/**
 * @param {string} password
 * @param {string} username
 * @returns {"too_short" | "is_username" | null} what it lacks
 */
export function shortcoming(password, username) {
  if ([...password].length < SHORTEST) return "too_short";
  if (username && password.toLowerCase() === username.toLowerCase()) return "is_username";
  return null;
}
