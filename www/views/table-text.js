/** Tables as plain text: what a table on the page shows as Markdown, and rows of values as CSV. */

/** @param {string | null} text */
const cell = (text) => (text ?? "").replace(/\s+/g, " ").trim().replaceAll("\\", "\\\\").replaceAll("|", "\\|");

/** A table of the page as a Markdown table (GitHub's), its caption above it. @param {HTMLTableElement} table */
export function markdownOf(table) {
  const [head, ...body] = [...table.rows].map((row) => [...row.cells].map((one) => ({ text: cell(one.textContent), right: one.classList.contains("right") })));
  /** @param {{text: string}[]} cells */
  const line = (cells) => `| ${cells.map(({ text }) => text).join(" | ")} |`;
  const rule = `|${head.map(({ right }) => (right ? " ---: " : " --- ")).join("|")}|`;
  return [cell(table.caption?.textContent ?? ""), "", line(head), rule, ...body.map(line)].join("\n").trim();
}

/** Rows with everything in them that is one value; what is inside of an object gets a name with a point: `waitNs.p50`. @param {Record<string, any>} row @returns {Record<string, string | number | boolean>} */
function flat(row) {
  return Object.fromEntries(Object.entries(row).flatMap(([name, value]) => {
    if (value === null || value === undefined || Array.isArray(value)) return [];
    if (typeof value === "object") return Object.entries(flat(value)).map(([inner, one]) => [`${name}.${inner}`, one]);
    return [[name, value]];
  }));
}

/** @param {string | number | boolean | undefined} value */
function field(value) {
  const text = value === undefined ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV (RFC 4180), the first line their names. Lists are left out: the JSON has them. @param {Record<string, any>[]} rows */
export function csvOf(rows) {
  const all = rows.map(flat);
  const names = [...new Set(all.flatMap((row) => Object.keys(row)))];
  return [names, ...all.map((row) => names.map((name) => row[name]))].map((line) => `${line.map(field).join(",")}\r\n`).join("");
}
