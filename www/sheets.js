/** Style sheets for shadow roots: made once a text and document, for a document takes none but its own. */

/** @type {WeakMap<Document, Map<string, CSSStyleSheet>>} */
const made = new WeakMap();

/** Gives a shadow root these styles, in the document that it is in now. @param {ShadowRoot} root @param {string[]} styles */
export function adoptStyles(root, styles) {
  const { ownerDocument } = root;
  const view = /** @type {(Window & typeof globalThis) | null} */ (ownerDocument.defaultView);
  // A document that nobody sees has no window, and needs no style.
  if (!view) return;
  const sheets = made.get(ownerDocument) ?? new Map();
  made.set(ownerDocument, sheets);
  root.adoptedStyleSheets = styles.map((text) => sheets.get(text) ?? sheets.set(text, sheetOf(view.CSSStyleSheet, text)).get(text));
}

/** @param {typeof CSSStyleSheet} Sheet @param {string} text */
function sheetOf(Sheet, text) {
  const sheet = new Sheet();
  sheet.replaceSync(text);
  return sheet;
}
