/** How numbers, times and lists are written in English. */
import { unitsIn } from "./units.js";

export const { about, count, counted, fixed, list, nanos, percent, ratio, setTime, share, tick, time } = unitsIn("en", { less: (than) => `less than ${than}` });

/** A number and what it counts. @param {number} value @param {string} one @param {string} [many] */
export const some = (value, one, many = `${one}s`) => counted(value, { one, other: many });
