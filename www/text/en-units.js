/** How numbers, times and lists are written in English. From numbers to text; knows nothing of what they count. */

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
/** @param {number} digits */
export const fixed = (digits) => new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
/** A number and its unit stay on one line. @param {string} value @param {string} unit */
const unit = (value, unit) => `${value}\u00a0${unit}`;
/** A few nanoseconds, so finely that an interval's ends can be told apart. @param {number} ns */
export const nanos = (ns) => unit(fixed(ns < 10 ? 2 : ns < 100 ? 1 : 0).format(ns), "ns");

/** A whole number. @param {number} value */
export const count = (value) => number.format(value);
/** @param {number} value @param {string} one @param {string} [many] */
export const some = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;
/** A time in the unit that suits it. @param {number} ms */
export function time(ms) {
  const size = Math.abs(ms);
  if (size >= 1000) return unit(fixed(3).format(ms / 1000), "s");
  if (size >= 1) return unit(fixed(size >= 100 ? 0 : 1).format(ms), "ms");
  if (size >= 0.001) return unit(significant.format(ms * 1000), "µs");
  return size === 0 ? unit("0", "s") : unit(significant.format(ms * 1e6), "ns");
}
/** A time for which "about" is enough. @param {number} ms */
export function about(ms) {
  if (ms < 1000) return unit(significant.format(Math.max(10, Math.round(ms / 10) * 10)), "ms");
  if (ms < 10000) return unit(fixed(1).format(ms / 1000), "s");
  if (ms < 120000) return unit(count(ms / 1000), "s");
  if (ms < 7200000) return unit(count(ms / 60000), "min");
  return unit(fixed(1).format(ms / 3600000), "h");
}
/** A place on a time axis, as finely as the axis' steps ask for. @param {number} ms @param {number} stepMs */
export function tick(ms, stepMs) {
  if (ms === 0) return "0";
  const [one, name] = ms >= 1000 ? [1000, "s"] : ms >= 1 ? [1, "ms"] : [0.001, "µs"];
  return unit(fixed(Math.min(6, Math.max(0, Math.ceil(-Math.log10(stepMs / one) - 1e-9)))).format(ms / one), name);
}
/** @param {number} value  a ratio of 1 */
export const percent = (value) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${fixed(Math.abs(value) < 0.1 ? 2 : Math.abs(value) < 1 ? 1 : 0).format(Math.abs(value) * 100)}%`;
/** A part of a whole. @param {number} value  from 0 to 1 */
export const share = (value) => (value > 0 && value < 0.001 ? "less than 0.1%" : `${fixed(value > 0.995 || value < 0.1 ? 1 : 0).format(value * 100)}%`);
/** A ratio near 1. @param {number} value */
export const ratio = (value) => fixed(3).format(value);
/** @param {string[]} items */
export const list = (items) => new Intl.ListFormat("en").format(items);
