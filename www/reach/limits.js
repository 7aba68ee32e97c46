/**
 * What a run in a frame may take at most if the page around it, or the address, began it. A run that the reader began has no such limits: the reader
 * can press Stop.
 */

/**
 * @typedef {object} Limits
 * @property {number} threads
 * @property {number} runMs  one run
 * @property {number} allMs  all such runs together, until the reader presses Run
 */

/** @type {Limits} */
export const FRAMED = { threads: 64, runMs: 60 * 1000, allMs: 5 * 60 * 1000 };
