/**
 * Lines as a program prints them, any number of them: only those in sight are in the document. Follows the end until its reader scrolls up.
 * A screen reader says the latest line now and then, never every line.
 */
import { h, onResize, refill } from "./dom.js";
import { copyButton } from "./take.js";

/** @typedef {{atMs: number, line: string}} Line */
/** @typedef {{name: string, empty: string, copy: string, copied: string, uncopied: string, skipped(count: number): string, lines(count: number): string, latest(line: string): string, at(ms: number): string}} LogWords */

/** A line's height in CSS pixels; the style sheet knows it too. */
const LINE = 20;
/** Lines made above and below those in sight, so that scrolling shows no gap. */
const SPARE = 8;
/** How long a screen reader has between two announcements, in ms. */
const ANNOUNCE_MS = 4000;

/**
 * The line in one of a log's rows; undefined in the row that stands for those left out.
 * @param {Line[]} lines @param {number} skipped  lines that are left out @param {number} head  behind how many @param {number} row
 */
export const lineIn = (lines, skipped, head, row) => (!skipped || row < head ? lines[row] : row > head ? lines[row - 1] : undefined);

/** A log in a box of a fixed height. */
export class Log {
  /** @param {LogWords} words */
  constructor(words) {
    this.words = words;
    /** @type {Line[]} */
    this.lines = [];
    this.skipped = 0;
    this.head = 0;
    this.follows = true;
    this.drawn = "";
    this.spokenAt = -Infinity;
    this.spokenLine = "";
    this.shown = h("ol", { class: "lines" });
    this.room = h("div", { class: "room" }, this.shown);
    this.box = h("div", { class: "log", tabindex: "0", role: "group", "aria-label": words.name, onScroll: () => this.scrolled() }, this.room);
    this.count = h("span");
    this.voice = h("p", { class: "unseen", role: "status" });
    this.copy = copyButton(words.copy, words, () => this.text());
    this.element = h("div", { class: "log-pane" }, this.box, h("div", { class: "log-foot" }, this.count, this.copy), this.voice);
    this.unwatch = onResize(this.box, () => this.draw());
    this.show([], 0, 0);
  }

  /** Shows what a report tells that was printed. @param {{log?: Line[], logSkipped?: number}} report */
  tell({ log = [], logSkipped = 0 }) {
    this.show(log, logSkipped, log.length / 2);
  }

  /**
   * Shows these lines from now on; the list may grow.
   * @param {Line[]} lines @param {number} skipped  lines that are left out @param {number} head  behind how many
   */
  show(lines, skipped, head) {
    this.lines = lines;
    this.skipped = skipped;
    this.head = head;
    this.follows = true;
    this.drawn = "";
    // Another log's last line is no news of this one.
    this.spokenLine = this.voice.textContent = "";
    this.frame();
  }

  /** Draws what is new, and says at times where it is. @param {number} [skipped] */
  frame(skipped = this.skipped) {
    this.skipped = skipped;
    const said = this.lines.length ? this.words.lines(this.lines.length + skipped) : "";
    if (this.count.textContent !== said) this.count.textContent = said;
    this.copy.disabled = this.lines.length === 0;
    this.draw();
  }

  /** Announces the latest line, unless the last announcement was a moment ago. @param {boolean} [atOnce] */
  speak(atOnce = false) {
    const now = performance.now();
    const line = this.lines.at(-1)?.line;
    if (line === undefined || line === this.spokenLine || (!atOnce && now - this.spokenAt < ANNOUNCE_MS)) return;
    this.spokenAt = now;
    this.spokenLine = line;
    this.voice.textContent = this.words.latest(line);
  }

  draw() {
    const { box } = this;
    const height = box.clientHeight;
    if (!height) return;
    const { rows } = this;
    const top = this.follows ? Math.max(0, rows * LINE - height) : box.scrollTop;
    const from = Math.max(0, Math.floor(top / LINE) - SPARE);
    const to = Math.min(rows, Math.ceil((top + height) / LINE) + SPARE);
    const drawn = `${from} ${to} ${rows} ${this.skipped}`;
    if (drawn !== this.drawn) {
      this.drawn = drawn;
      this.room.style.height = `${Math.max(rows, 1) * LINE}px`;
      this.shown.style.transform = `translateY(${from * LINE}px)`;
      refill(this.shown, rows === 0 ? h("li", { class: "soft" }, this.words.empty) : [...Array(to - from)].map((_, i) => this.row(from + i)));
    }
    if (this.follows && box.scrollTop !== top) box.scrollTop = top;
  }

  get rows() {
    return this.lines.length + (this.skipped ? 1 : 0);
  }

  /** @param {number} index */
  row(index) {
    const shown = lineIn(this.lines, this.skipped, this.head, index);
    return shown ? h("li", { title: this.words.at(shown.atMs) }, shown.line) : h("li", { class: "soft" }, this.words.skipped(this.skipped));
  }

  /** A reader who scrolls up wants to read, and at the end wants to follow again. */
  scrolled() {
    const { box } = this;
    this.follows = box.scrollTop + box.clientHeight >= this.room.offsetHeight - LINE;
    this.draw();
  }

  text() {
    const text = (/** @type {unknown} */ _, /** @type {number} */ row) => lineIn(this.lines, this.skipped, this.head, row)?.line ?? this.words.skipped(this.skipped);
    return [...Array(this.rows)].map(text).join("\n");
  }

  destroy() {
    this.unwatch();
  }
}
