// The map on screen, for the buttons beside it.

/** @type {{ view: import("./view.js").MapView | null }} */
export const current = { view: null };

/** @param {import("./view.js").MapView | null} view */
export function setMap(view) {
  current.view = view;
}
