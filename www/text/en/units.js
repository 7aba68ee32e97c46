/** How numbers, times and lists are written in English. */
import { unitsIn } from "../units.js";

export { unseen } from "../units.js";

export const { about, count, counted, day, fixed, list, memory, nanos, percent, perSecond, ratio, setTime, share, tick, time, times } = unitsIn("en", { less: (than) => `less than ${than}` });

/** A number and what it counts. @param {number} value @param {string} one @param {string} [many] */
export const some = (value, one, many = `${one}s`) => counted(value, { one, other: many });

const WORDS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split(" ");
/** A small number as a word. @param {number} value */
export const spelt = (value) => WORDS[value] ?? count(value);
/** The same at the beginning of a sentence. @param {number} value */
export const Spelt = (value) => spelt(value).replace(/^./, (letter) => letter.toUpperCase());
