/** How numbers, times and lists are written in a language, by `Intl`. From numbers to text; knows nothing of what they count. */

/** @typedef {"nanosecond" | "microsecond" | "millisecond" | "second" | "minute" | "hour" | "gigabyte"} Unit */

/** What engines that do not know these units write: the symbols are the same everywhere. @type {Partial<Record<Unit, string>>} */
const SYMBOLS = { nanosecond: "ns", microsecond: "µs" };
/** A number and its unit stay on one line. */
const TIGHT = "\u00a0";

/** @param {number} digits  exactly this many after the point */
const exactly = (digits) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits });
/** For what comes thousands of times a second; the same in every language. @type {[least: number, sign: string][]} */
const PREFIXES = [[1e9, "G"], [1e6, "M"], [1e3, "k"]];
const SIGNIFICANT = { maximumSignificantDigits: 3 };

/** Whether a time was one step of the clock or none: differences come in whole steps. @param {number} ns @param {number} step */
export const unseen = (ns, step) => ns < step * 1.5;

/** @param {string} locale  a BCP 47 tag @param {{less: (than: string) => string}} words  the few that numbers can't do without */
export function unitsIn(locale, { less }) {
  /** Making one takes longer than using it a hundred times. @type {Map<string, Intl.NumberFormat>} */
  const made = new Map();
  /** @param {Intl.NumberFormatOptions} options */
  function format(options) {
    const key = JSON.stringify(options);
    const known = made.get(key);
    if (known) return known;
    const fresh = new Intl.NumberFormat(locale, options);
    made.set(key, fresh);
    return fresh;
  }
  // Each takes a phone some milliseconds: not before somebody needs it.
  /** @type {Intl.PluralRules | undefined} */
  let plurals;
  /** @type {Intl.ListFormat | undefined} */
  let lists;

  /** @param {number} value @param {Unit} unit @param {Intl.NumberFormatOptions} digits */
  function measure(value, unit, digits) {
    try {
      // The narrow names are the symbols, but for the minute's, which could be a metre's.
      const parts = format({ style: "unit", unit, unitDisplay: unit === "minute" ? "short" : "narrow", ...digits }).formatToParts(value);
      const first = parts[0].type === "unit";
      return parts.map(({ type, value: text }) => (type === "literal" ? "" : type !== "unit" ? text : first ? text + TIGHT : TIGHT + text)).join("");
    } catch {
      return format(digits).format(value) + TIGHT + (SYMBOLS[unit] ?? unit);
    }
  }

  /** A whole number. @param {number} value */
  const count = (value) => format({ maximumFractionDigits: 0 }).format(value);
  /** @param {number} digits  after the point */
  const fixed = (digits) => format(exactly(digits));
  /** A ratio of 1 as percent. @param {number} value @param {number} digits */
  const percentage = (value, digits) => format({ style: "percent", ...exactly(digits) }).format(value);

  /** A time in the unit that suits it; less than a step of the clock that took it, it is no more than that. @param {number} ms @param {number} [stepMs] @returns {string} */
  function time(ms, stepMs = 0) {
    if (ms < stepMs && ms >= 0) return less(time(stepMs));
    const size = Math.abs(ms);
    if (size >= 1000) return measure(ms / 1000, "second", exactly(3));
    if (size >= 1) return measure(ms, "millisecond", exactly(size >= 100 ? 0 : 1));
    if (size >= 0.001) return measure(ms * 1000, "microsecond", SIGNIFICANT);
    return size === 0 ? measure(0, "second", {}) : measure(ms * 1e6, "nanosecond", SIGNIFICANT);
  }

  return {
    count,
    fixed,
    /** A number and what it counts, in the form that the number asks for. @param {number} value @param {Partial<Record<Intl.LDMLPluralRule, string>>} forms */
    counted: (value, forms) => `${count(value)} ${forms[(plurals ??= new Intl.PluralRules(locale)).select(value)] ?? forms.other}`,
    /** A few nanoseconds, so finely that an interval's ends can be told apart. @param {number} ns */
    nanos: (ns) => measure(ns, "nanosecond", exactly(ns < 10 ? 2 : ns < 100 ? 1 : 0)),
    time,
    /** A time that somebody has set: no digit more than it has. @param {number} ms */
    setTime: (ms) => (ms >= 1000 ? measure(ms / 1000, "second", { maximumFractionDigits: 3 }) : measure(ms, "millisecond", { maximumFractionDigits: 3 })),
    /** A time for which "about" is enough. @param {number} ms */
    about(ms) {
      if (ms < 1000) return measure(Math.max(10, Math.round(ms / 10) * 10), "millisecond", SIGNIFICANT);
      if (ms < 10000) return measure(ms / 1000, "second", exactly(1));
      if (ms < 120000) return measure(ms / 1000, "second", exactly(0));
      if (ms < 7200000) return measure(ms / 60000, "minute", exactly(0));
      return measure(ms / 3600000, "hour", exactly(1));
    },
    /** A place on a time axis, as finely as the axis' steps ask for. @param {number} ms @param {number} stepMs */
    tick(ms, stepMs) {
      if (ms === 0) return "0";
      /** @type {[number, Unit]} */
      const [one, unit] = ms >= 1000 ? [1000, "second"] : ms >= 1 ? [1, "millisecond"] : [0.001, "microsecond"];
      return measure(ms / one, unit, exactly(Math.min(6, Math.max(0, Math.ceil(-Math.log10(stepMs / one) - 1e-9)))));
    },
    /** Memory, as a browser tells it. @param {number} gib */
    memory: (gib) => measure(gib, "gigabyte", { maximumFractionDigits: 2 }),
    /** A difference. @param {number} value  a ratio of 1 */
    percent: (value) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${percentage(Math.abs(value), Math.abs(value) < 0.1 ? 2 : Math.abs(value) < 1 ? 1 : 0)}`,
    /** A part of a whole. @param {number} value  from 0 to 1 */
    share: (value) => (value > 0 && value < 0.001 ? less(percentage(0.001, 1)) : percentage(value, value > 0.995 || value < 0.1 ? 1 : 0)),
    /** A ratio near 1. @param {number} value */
    ratio: (value) => fixed(3).format(value),
    /** So many times, no finer than a reader compares. @param {number} value */
    times: (value) => format(value < 10 ? exactly(2) : { maximumSignificantDigits: value < 100 ? 3 : 2 }).format(value),
    /** So many a second, short: 31 M/s. @param {number} value */
    perSecond(value) {
      const [one, sign] = PREFIXES.find(([least]) => value >= least * 0.9995) ?? [1, ""];
      return format(SIGNIFICANT).format(value / one) + (sign && TIGHT + sign) + "/s";
    },
    /** A day. @param {string} iso  a moment, as reports have it */
    day: (iso) => (Number.isNaN(Date.parse(iso)) ? "" : new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(new Date(iso))),
    /** @param {string[]} items */
    list: (items) => (lists ??= new Intl.ListFormat(locale)).format(items),
  };
}
