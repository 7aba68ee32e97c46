/** How numbers, times and lists are written in English. */
import { unitsIn } from "../units.js";

export { unseen } from "../units.js";

export const { about, count, counted, day, fixed, list, memory, nanos, percent, perSecond, ratio, setTime, share, tick, time, times } = unitsIn("en", { less: (than) => `less than ${than}` });

/** A number and what it counts. @param {number} value @param {string} one @param {string} [many] */
export const some = (value, one, many = `${one}s`) => counted(value, { one, other: many });
