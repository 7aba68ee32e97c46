/** What went wrong, why, and what to do, as one text. */

/** @param {import("../text/words.js").Words} words @param {string} code  one of the words' `errors` @param {any} detail @returns {string} */
export function sentenceOf({ errors }, code, detail) {
  const { what, why, todo } = errors[code](detail);
  return [what, why, todo].filter(Boolean).join(" ");
}
