/** English in the place of what another language lacks. For the build: who reads that language fetches English only where it is needed. */

/** One language's words, and another's where it has none. @param {any} english @param {any} own @returns {any} */
export function over(english, own) {
  if (own === undefined) return english;
  if (!isGroup(english)) return own;
  return Object.fromEntries(Object.entries(english).map(([key, word]) => [key, over(word, own[key])]));
}

/** Whether a language says all that English says. @param {any} english @param {any} own @returns {boolean} */
export const isWhole = (english, own) => own !== undefined && (!isGroup(english) || Object.keys(english).every((key) => isWhole(english[key], own[key])));

/** @param {any} words */
const isGroup = (words) => typeof words === "object" && words !== null && !Array.isArray(words);
