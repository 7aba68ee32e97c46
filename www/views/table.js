/** A table made from plain rows. */
import { h } from "./dom.js";

/** @typedef {{head: string, right?: boolean}} Column */

/** A text of more letters may take several lines; names and numbers never do. */
const LONG = 20;

/**
 * @param {string} caption
 * @param {Column[]} columns  the first names its row
 * @param {(string | number)[][]} rows
 * @param {{hideCaption?: boolean}} [options]
 */
export function makeTable(caption, columns, rows, { hideCaption = false } = {}) {
  /** @param {number} i */
  const side = (i) => (columns[i].right ? "right" : null);
  /** @param {string | number} cell @param {number} i */
  const kind = (cell, i) => side(i) ?? (String(cell).length > LONG ? "long" : null);
  return h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption },
    h("table", null,
      h("caption", { class: hideCaption ? "unseen" : null }, h("span", null, caption)),
      h("thead", null, h("tr", null, columns.map(({ head }, i) => h("th", { scope: "col", class: side(i) }, head)))),
      h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, i) => (i === 0 ? h("th", { scope: "row" }, cell) : h("td", { class: kind(cell, i) }, cell))))))));
}
