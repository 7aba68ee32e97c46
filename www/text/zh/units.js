/** How numbers, times and lists are written in Chinese. */
import { unitsIn } from "../units.js";

export { unseen } from "../units.js";

export const { about, count, counted, day, fixed, list, memory, nanos, percent, perSecond, ratio, setTime, share, tick, time, times } = unitsIn("zh-Hans", { less: (than) => `不到 ${than}` });

/** A number and what it counts, its measure word included. @param {number} value @param {string} what */
export const some = (value, what) => counted(value, { other: what });
