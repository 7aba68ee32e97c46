/** Fetches the words of a language, and of no other: what all figures share, a figure's own, the article's. */
import { articleFile, figureWordsFile, wordsFile } from "../files.js";
import { PSEUDO } from "./tags.js";

/** @typedef {typeof import("./en/words.js").default} Words  what all figures share */
/** @typedef {typeof import("./en/article.js").default} Article */
/**
 * Words of another language: the same keys, strings for strings, and functions of the same data.
 * @template T
 * @typedef {T extends string ? string : T extends (...args: any[]) => any ? T : T extends any[] ? T : {[Key in keyof T]?: Translated<T[Key]>}} Translated
 */

/** The words that all figures share. @param {string} language  one of tags.js @returns {Promise<Words>} */
export const wordsFor = (language) => spoken(language, wordsFile);

/** A figure's own. @param {string} figure @param {string} language @returns {Promise<any>} */
export const figureWordsFor = (figure, language) => spoken(language, (one) => figureWordsFile(figure, one));

/** The article's; a page has them already in the language that it was built in, so nothing replaces what is missing. @param {string} language @returns {Promise<Translated<Article>>} */
export const articleFor = async (language) => (await articleFile(language === PSEUDO ? "en" : language)).default;

/** @param {string} language @param {(language: string) => Promise<{default: any}>} load */
async function spoken(language, load) {
  if (language !== PSEUDO) return (await load(language)).default;
  const [{ strange }, english] = await Promise.all([import("./pseudo.js"), load("en")]);
  return strange(english.default);
}
