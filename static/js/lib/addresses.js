// Where files lie that scripts ask for: index.html names them, under their own names or those that the build gives them.

/**
 * @param {string} name  of a `meta` element
 * @returns {string}
 */
export function addressOf(name) {
  const found = document.querySelector(`meta[name="${name}"]`)?.getAttribute("content");
  if (!found) throw new Error(`index.html does not name ${name}`);
  return found;
}

/**
 * Styles of a part that is loaded later.
 * @param {string} name  of a `meta` element
 */
export function addStyles(name) {
  const href = addressOf(name);
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}
