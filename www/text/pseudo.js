/** English such as it would be in a language with longer words and strange letters, made from its words: what is cut off or sticks out with these words will do so in some language. */

/** @type {Record<string, string>} */
const LETTERS = { a: "å", b: "ƀ", c: "ç", d: "đ", e: "é", f: "ƒ", g: "ğ", h: "ĥ", i: "î", j: "ĵ", k: "ķ", l: "ļ", m: "m", n: "ñ", o: "ö", p: "þ", r: "ŕ", s: "š", t: "ţ", u: "û", w: "ŵ", y: "ý", z: "ž" };
const VOWELS = "aeiou";

/** Half as long again, and in brackets, so that one sees where a text ends. Numbers with their units stay as they are. @param {string} text */
function stretch(text) {
  if (!/[a-z]{3}/i.test(text)) return text;
  return `[${text.replace(/[a-z]/g, (letter) => (LETTERS[letter] ?? letter).repeat(VOWELS.includes(letter) ? 2 : 1))}]`;
}

/** All strings in there, those that functions will give included. @param {any} words @returns {any} */
export function strange(words) {
  if (typeof words === "string") return stretch(words);
  if (typeof words === "function") return (/** @type {any[]} */ ...data) => strange(words(...data));
  if (words instanceof Promise) return words.then(strange);
  if (Array.isArray(words)) return words.map(strange);
  if (typeof words === "object" && words !== null) return Object.fromEntries(Object.entries(words).map(([key, word]) => [key, strange(word)]));
  return words;
}
