/** How numbers, times and lists are written in Chinese. */
import { unitsIn } from "../units.js";

export { unseen } from "../units.js";

export const { about, count, counted, day, fixed, list, memory, nanos, percent, perSecond, ratio, setTime, share, tick, time, times } = unitsIn("zh-Hans", { less: (than) => `不到 ${than}` });

/** A number and what it counts, its measure word included. @param {number} value @param {string} what */
export const some = (value, what) => counted(value, { other: what });

const DIGITS = "零一两三四五六七八九十";
/** A small number as a word, before a measure word; others stand off from the signs around them. @param {number} value */
export const spelt = (value) => (value <= 10 ? DIGITS[value] : value < 20 ? `十${"一二三四五六七八九"[value - 11]}` : value === 20 ? "二十" : ` ${count(value)} `);
