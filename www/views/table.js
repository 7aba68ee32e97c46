/** A table made from plain rows. */
import { h } from "./dom.js";

/** @typedef {{head: string, right?: boolean}} Column */

/** A text of more letters may take several lines; names and numbers never do. */
const LONG = 20;

/** @typedef {{caption: string, columns: Column[], rows: (string | number)[][]}} Table  a row's first cell names it */

/** @param {Table} table */
export function makeTable({ caption, columns, rows }) {
  /** @param {number} i */
  const side = (i) => (columns[i].right ? "right" : null);
  /** @param {string | number} cell @param {number} i */
  const kind = (cell, i) => side(i) ?? (String(cell).length > LONG ? "long" : null);
  return h("div", { class: "wide", tabindex: "0", role: "group", "aria-label": caption },
    h("table", null,
      h("caption", null, h("span", null, caption)),
      h("thead", null, h("tr", null, columns.map(({ head }, i) => h("th", { scope: "col", class: side(i) }, head)))),
      h("tbody", null, rows.map((row) => h("tr", null, row.map((cell, i) => (i === 0 ? h("th", { scope: "row" }, cell) : h("td", { class: kind(cell, i) }, cell))))))));
}
