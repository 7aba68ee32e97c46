/**
 * What a run in a frame may take at most, where the page around it or the address began it and no press of the reader did. A press of Run knows no such
 * limits: whoever pressed it can press Stop.
 */

/**
 * @typedef {object} Limits
 * @property {number} threads
 * @property {number} runMs  one run
 * @property {number} allMs  all such runs together, until the reader presses Run
 */

/** @type {Limits} */
export const FRAMED = { threads: 64, runMs: 60 * 1000, allMs: 5 * 60 * 1000 };
