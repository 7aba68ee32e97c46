/** Chance that can be repeated, and what it makes: texts, values and messages, most of them almost right, for that is where mistakes hide. Judges nothing. */

/** Texts that have been somebody's undoing. */
const HOSTILE = [
  "", " ", "0", "-0", "-1", "1e9", "1e309", "0x20", "٣", "１２", "NaN", "Infinity", "null", "undefined", "true", "[object Object]",
  "__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "<script>hacked()</script>", '"><img src=x onerror=hacked()>', "'onfocus='hacked()",
  "javascript:hacked()", "${hacked()}", "{{hacked}}", "%00", "\u0000", "\ud800", "\u202eabc", "a\u0300".repeat(40), "😀".repeat(30), "../../..", "//evil.example/", "std-mutex\n", "9".repeat(400), "x".repeat(5000),
];

/** Whether it can be changed inside. @param {unknown} value */
const isOpen = (value) => Array.isArray(value) || (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype);

/** A source of chance: the same seed, the same run. */
export class Chance {
  /** @param {number} seed */
  constructor(seed) {
    this.state = (seed | 0) || 1;
  }

  /** A whole number below `most`. @param {number} most */
  below(most) {
    // Marsaglia's xorshift, 32 bits.
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % most;
  }

  /** @template T @param {readonly T[]} from @returns {T} */
  pick(from) {
    return from[this.below(from.length)];
  }

  /** Whether one chance in so many came true. @param {number} many */
  one(many) {
    return this.below(many) === 0;
  }

  /** Any text. */
  text() {
    if (this.one(2)) return this.pick(HOSTILE);
    const length = this.below(24);
    return Array.from({ length }, () => String.fromCharCode(this.one(3) ? this.below(0x10000) : 32 + this.below(95))).join("");
  }

  /** A text with a few signs changed. @param {string} text */
  bent(text) {
    const signs = [...text];
    for (let times = 1 + this.below(3); times > 0; times--) {
      const at = this.below(signs.length + 1);
      if (this.one(2)) signs.splice(at, this.below(3), this.text().slice(0, 3));
      else if (signs.length) signs[at % signs.length] = String.fromCharCode(32 + this.below(95));
    }
    return signs.join("");
  }

  /** A number as likely to be odd as to be plain. */
  number() {
    return this.pick([0, -0, 1, 20, 64, 128, 129, -1, 0.5, 1e9, 1e9 + 1, 2 ** 53, 1e308, NaN, Infinity, -Infinity, this.below(200), this.below(2 ** 31)]);
  }

  /** Anything that a message can carry. @param {number} depth @returns {unknown} */
  value(depth = 3) {
    const kind = this.below(depth > 0 ? 14 : 8);
    if (kind < 3) return this.text();
    if (kind < 5) return this.number();
    if (kind === 5) return this.pick([null, undefined, true, false, 5n]);
    if (kind === 6) return this.pick([new Date(0), new Map([["type", "lab-run"]]), new Set([1]), new Uint8Array(8), /lab-run/, new Error("lab-run")]);
    if (kind === 7) return this.pick(["lab-run", "lab-stop", "lab-config", "lab-height", "lab-state", "lab-report", "lab-error"]);
    if (kind < 11) return Array.from({ length: this.below(5) }, () => this.value(depth - 1));
    return this.object(depth);
  }

  /** @param {number} depth @returns {Record<string, unknown>} */
  object(depth = 3) {
    const length = this.one(50) ? 200 : this.below(6);
    return Object.fromEntries(Array.from({ length }, () => [this.text(), this.value(depth - 1)]));
  }

  /**
   * The same data with something in it changed: a value replaced, bent, taken away or doubled.
   * @param {any} data  plain data; it is left as it is
   */
  mutated(data) {
    const root = { data: structuredClone(data) };
    for (let times = 1 + this.below(4); times > 0; times--) {
      /** @type {any} */
      let place = root;
      let key = "data";
      while (isOpen(place[key]) && !this.one(4)) {
        const keys = Object.keys(place[key]);
        if (!keys.length) break;
        place = place[key];
        key = this.pick(keys);
      }
      const was = place[key];
      const how = this.below(6);
      if (how === 0) delete place[key];
      else if (how === 1) place[key] = typeof was === "string" ? this.bent(was) : this.value(2);
      else if (how === 2) place[key] = typeof was === "number" ? this.number() : this.text();
      else if (how === 3 && Array.isArray(was)) place[key] = [...was, ...was, this.value(2)];
      // Defined, not assigned: a name such as __proto__ must be a field like any other.
      else if (how === 4 && isOpen(was)) Object.defineProperty(was, this.text(), { value: this.value(2), enumerable: true, configurable: true, writable: true });
      else place[key] = this.value(2);
    }
    return root.data;
  }
}

/**
 * Tries something so often, each time with a chance of its own, so that a failure can be had again by its number alone.
 * @param {string} what @param {number} seed @param {number} times @param {(chance: Chance, keep: (input: unknown) => void) => void} attempt
 */
export function often(what, seed, times, attempt) {
  for (let number = 0; number < times; number++) {
    /** @type {unknown} */
    let input;
    try {
      attempt(new Chance(Math.imul(seed * 7919 + number + 1, 0x9e3779b1)), (given) => (input = given));
    } catch (error) {
      console.error(`${what} ${number} of seed ${seed}:`, input);
      throw error;
    }
  }
  console.log(`${times} ${what}, seed ${seed}`);
}
