/** Fetches the words of a language, and of no other. What a language lacks is said in English; a test keeps it from lacking anything. */
import { PSEUDO } from "./tags.js";

/** @typedef {typeof import("./en.js").default} Words */
/** @typedef {typeof import("./en-article.js").article} Article */
/**
 * Words of another language: the same keys, strings for strings, and functions of the same data.
 * @template T
 * @typedef {T extends string ? string : T extends (...args: any[]) => any ? T : T extends any[] ? T : {[Key in keyof T]?: Translated<T[Key]>}} Translated
 */

/** @type {Record<string, {figures: () => Promise<{default: any}>, article: () => Promise<{article: any}>}>} */
const files = {
  en: { figures: () => import("./en.js"), article: () => import("./en-article.js") },
  zh: { figures: () => import("./zh.js"), article: () => import("./zh-article.js") },
  [PSEUDO]: { figures: () => import("./pseudo.js"), article: () => import("./en-article.js") },
};

/** What a language itself has to say. @param {string} language @returns {Promise<any>} */
export async function ownWordsFor(language) {
  return (await files[language].figures()).default;
}

/** The figures' words, all of them. @param {string} language  one of tags.js @returns {Promise<Words>} */
export async function wordsFor(language) {
  const [english, own] = await Promise.all([ownWordsFor("en"), ownWordsFor(language)]);
  return own === english ? english : over(english, own);
}

/** The article's; a page has them already in the language that it was built in, so nothing stands in for what is missing. @param {string} language @returns {Promise<Translated<Article>>} */
export async function articleFor(language) {
  return (await files[language].article()).article;
}

/** One language's words, and another's where it has none. @param {any} english @param {any} own @returns {any} */
export function over(english, own) {
  if (own === undefined) return english;
  if (typeof english !== "object" || english === null || Array.isArray(english)) return own;
  return Object.fromEntries(Object.entries(english).map(([key, word]) => [key, over(word, own[key])]));
}
