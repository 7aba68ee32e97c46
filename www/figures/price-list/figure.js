/** What does one operation cost where nobody competes? Prices, each with how sure it is, and what they mean for the post's program. */
import { isExact } from "../../settings.js";
import { choice, isNative, list, name, number, object, signed } from "../../shape.js";

/** @typedef {import("../../shell/manifest.js").Manifest} Manifest */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */
/** @typedef {{words: Words, own: Own, pinned?: string, other?: any}} Context  `pinned`: the counter that the others are compared with; `other`: a report beside this one */

/** @type {Manifest} */
export const figure = {
  presets: [{ id: "short", config: { budgetMs: 2000 } }, { id: "usual", config: { budgetMs: 10000 } }, { id: "long", config: { budgetMs: 60000 } }],
  recorded: { budgetMs: 10000 },
  heights: [636, 824],
  slices: {
    five: { controls: ["budgetMs"], heights: [395, 476] },
  },
  shape: object({}, { prices: list(object({ counter: name, side: choice("wasm", "js", "native") }, { nsPerOp: signed, lowNs: signed, highNs: signed, samples: number(), lost: signed }), 64) }),
  rows: ({ prices = [] }) => prices,
  sentences,
  table,
};

/** The cheapest first. @param {any} report @returns {any[]} */
export const sorted = ({ prices = [] }) => [...prices].sort((a, b) => a.nsPerOp - b.nsPerOp);

/** A price as a multiple of the pinned one. @param {any[]} prices @param {string} pinned @param {number} price @param {Own} own */
export function multiple(prices, pinned, price, own) {
  const base = prices.find(({ counter }) => counter === pinned)?.nsPerOp;
  return base > 0 && price > 0 ? own.ratio(price / base) : "";
}

/** What a compare-and-swap costs, which is the same instruction in native code and in WebAssembly. @param {any[]} rows */
const yardstick = (rows) => rows.find(({ counter }) => counter === "cas")?.nsPerOp;

/**
 * The prices of a report beside this one, as they are drawn: native ones scaled as if a compare-and-swap cost there what it costs here, as prices of two
 * processors are no comparison. Nothing of those until it is known here.
 * @param {any[]} prices @param {any} other  a report, or null @returns {any[]} rows
 */
export function beside(prices, other) {
  if (!other?.prices || !isNative(other)) return other?.prices ?? [];
  const factor = yardstick(prices) / yardstick(other.prices);
  return factor > 0 ? other.prices.map((/** @type {any} */ row) => ({ ...row, nsPerOp: row.nsPerOp * factor })) : [];
}

/** What Rust says of a row against the pinned one; each pair is in one of its two rows. @param {any[]} prices @param {string} name @param {any} row */
export function versus(prices, name, row) {
  const found = row.versus?.find((/** @type {any} */ one) => one.counter === name);
  if (found) return found;
  const pinned = prices.find(({ counter }) => counter === name);
  const turned = pinned?.versus?.find((/** @type {any} */ one) => one.counter === row.counter);
  return turned && { ...turned, differenceNs: -turned.differenceNs, lowNs: -turned.highNs, highNs: -turned.lowNs };
}

/** What came out, made from the data. @param {any} report @param {Context} context @returns {string[]} */
function sentences(report, { words, own, other = null, pinned: name = report.config.counter }) {
  const prices = sorted(report);
  const pinned = prices.find(({ counter }) => counter === name);
  if (!prices.length) return [own.nothing];
  if (!pinned) return [];
  const label = words.counter(name);
  const sentences = [own.answer(label, pinned.nsPerOp)];
  if (pinned.nsPerOp > 0) sentences.push(...spread(prices, pinned, { words, own }));
  const alike = prices.filter((row) => row.counter !== name && versus(prices, name, row)?.shows === false).map((row) => words.counter(row.counter));
  if (alike.length) sentences.push(own.alike(label, alike));
  if (report.config.counter !== name && !prices.some((row) => versus(prices, name, row))) sentences.push(own.repinned(label, words.counter(report.config.counter)));
  const there = other?.prices?.find((/** @type {any} */ row) => row.counter === name);
  if (there?.nsPerOp > 0 && pinned.nsPerOp > 0) {
    const where = words.figure.where(other.environment);
    const [swapsThere, swapsHere] = [there.nsPerOp / yardstick(other.prices), pinned.nsPerOp / yardstick(prices)];
    if (!isNative(other)) sentences.push(own.other(where, label, there.nsPerOp / pinned.nsPerOp));
    else if (swapsThere > 0 && swapsHere > 0) sentences.push(own.machine(where, label, swapsThere, swapsHere));
  }
  return sentences;
}

/** How far the prices lie apart, as multiples of the pinned one: of all rows, and of those that tell another story by themselves. @param {any[]} prices  the cheapest first @param {any} pinned @param {Context} context */
function spread(prices, pinned, { words, own }) {
  const said = (/** @type {any} */ row) => row && { label: words.counter(row.counter), factor: row.nsPerOp / pinned.nsPerOp };
  const told = prices.filter((row) => row.nsPerOp > 0);
  const sound = told.filter(({ counter }) => isExact(counter));
  if (sound.length < 4) return [];
  const costliest = sound[sound.length - 1];
  const compiled = costliest.side === "js" ? sound.filter(({ side }) => side !== "js").at(-1) : undefined;
  const cheaper = told[0] === sound[0] || versus(prices, sound[0].counter, told[0])?.shows === false ? undefined : told[0];
  return [own.spread(said(sound[0]), said(costliest), said(compiled), said(cheaper), words.counter(pinned.counter))];
}

/** @param {any} report @param {Context} context */
function table(report, { words, own, other = null, pinned = report.config.counter }) {
  const prices = sorted(report);
  const { columns } = own;
  const right = (/** @type {string} */ head) => ({ head, right: true });
  const there = (/** @type {string} */ counter) => other.prices?.find((/** @type {any} */ row) => row.counter === counter)?.nsPerOp;
  return {
    caption: own.tableCaption,
    columns: [
      { head: columns.counter }, { head: columns.side }, right(columns.price), right(columns.low), right(columns.high), right(columns.ratio), right(columns.versus), right(columns.samples), right(columns.outliers), right(columns.lost),
      ...(other ? [right(words.figure.where(other.environment))] : []),
    ],
    rows: prices.map((row) => [
      words.counter(row.counter), own.sides[row.side] ?? row.side, own.price(row.nsPerOp), own.price(row.lowNs), own.price(row.highNs), multiple(prices, pinned, row.nsPerOp, own) || own.none,
      versus(prices, pinned, row) ? own.versus(versus(prices, pinned, row)) : own.none, words.count(row.samples), row.outliers === undefined ? own.none : words.count(row.outliers), words.count(row.lost),
      ...(other ? [there(row.counter) === undefined ? own.none : own.price(there(row.counter))] : []),
    ]),
  };
}
