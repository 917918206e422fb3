// The live line to the circle that is open, if one is.

/** @type {{ current: import("./client.js").Live | null }} */
export const liveClient = { current: null };
