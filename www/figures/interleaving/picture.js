/** The stepper as a drawing, to be kept: both threads' code, the number between them, what each step did, and what the orders found end with. */
import { svg } from "../../views/dom.js";

/** @typedef {import("./machine.js").Thread} Thread */
/** @typedef {{name: string, code: {text: string, kind: string}[], register: string}} Column  `kind`: past, next or asleep; empty where it is still to come */
/**
 * @typedef {object} Scene
 * @property {Column[]} columns
 * @property {string[]} between  what stands between them: a heading, the number, the lock
 * @property {{thread: Thread, did: string, number: string}[]} steps
 * @property {string} sentence
 * @property {{text: string, lost: boolean}[]} tiles
 */

const LINE = 22;
const MONO = "ui-monospace, 'SF Mono', Menlo, Consolas, 'Noto Sans Mono', monospace";
/** As wide as a letter of code or of a tile at most, in px. */
const LETTER = 9;
/** Nothing is drawn wider than that, in px: what belongs together stands together. */
const WIDEST = 720;
/** Left of the steps, for the names of their rows, in px. */
const GUTTER = 84;
/** What a step did is written into its box where there is so much room for it, in px. */
const WORDS = 64;

/** @param {import("../../shell/manifest.js").Canvas} canvas @param {Scene} scene @returns {SVGSVGElement} */
export function draw({ width: room, font, role, wrap }, { columns, between, steps, sentence, tiles }) {
  const width = Math.min(room, WIDEST);
  /** @type {SVGElement[]} */
  const parts = [];
  /** @param {number} x @param {number} y @param {string} said @param {object} [more] */
  const write = (x, y, said, more = {}) => void parts.push(svg("text", { x, y, fill: role("ink"), "font-family": font, "font-size": 14, ...more }, said));
  /** @param {number} x @param {number} y @param {number} wide @param {number} tall @param {object} more */
  const box = (x, y, wide, tall, more) => void parts.push(svg("rect", { x, y, width: wide, height: tall, ...more }));

  const wide = width * 0.38;
  columns.forEach(({ name, code, register }, i) => {
    const x = i === 0 ? 0 : width - wide;
    write(x, 16, name, { "font-weight": 600 });
    code.forEach(({ text, kind }, line) => {
      const y = 24 + line * LINE;
      if (kind === "next") box(x, y, wide, LINE, { fill: role("hair") });
      if (kind === "next" || kind === "asleep") box(x, y, 3, LINE, { fill: role(kind === "next" ? "accent" : "waiting") });
      write(x + 10, y + 16, text, { "font-family": MONO, fill: role(kind === "past" ? "soft" : "ink") });
    });
    write(x, 24 + code.length * LINE + 18, register, { "font-size": 13, fill: role("soft") });
  });
  between.forEach((text, i) => write(width / 2, [16, 50][i] ?? 34 + i * 18, text, { "text-anchor": "middle", ...(i === 1 ? { "font-size": 30 } : { "font-size": 13, fill: role("soft") }) }));

  let y = 24 + Math.max(columns[0].code.length, 2) * LINE + 44;
  const each = Math.min(160, (width - GUTTER) / Math.max(1, steps.length));
  if (steps.length) {
    // A line for each thread, and one for the number as each step left it.
    ["A", "B"].forEach((thread, i) => write(0, y + i * 28 + 17, thread, { "font-weight": 600 }));
    write(0, y + 72, between[0], { fill: role("soft"), "font-size": 13 });
    steps.forEach(({ thread, did, number }, i) => {
      const x = GUTTER + i * each;
      const top = y + (thread === "A" ? 0 : 28);
      box(x + 1, top, each - 2, 24, { fill: role("hair"), stroke: role("rule"), rx: 3 });
      if (each >= WORDS) write(x + each / 2, top + 17, did, { "text-anchor": "middle", "font-size": 13 });
      write(x + each / 2, y + 72, number, { "text-anchor": "middle", fill: role("soft"), "font-size": 13 });
    });
    y += 92;
  }
  for (const line of wrap(sentence, width, `18px ${font}`)) {
    y += 24;
    write(0, y, line, { "font-size": 18 });
  }
  y += 14;
  let x = 0;
  for (const { text, lost } of tiles) {
    const long = text.length * LETTER + 12;
    if (x > 0 && x + long > width) {
      x = 0;
      y += 32;
    }
    const colour = role(lost ? "waiting" : "ink");
    box(x + 0.5, y + 0.5, long, 26, { fill: "none", stroke: lost ? colour : role("rule"), rx: 4 });
    write(x + long / 2, y + 18, text, { fill: colour, "font-family": MONO, "text-anchor": "middle" });
    x += long + 8;
  }
  const height = y + (tiles.length ? 30 : 0);
  return svg("svg", { width, height, viewBox: `0 0 ${width} ${height}` }, parts);
}
