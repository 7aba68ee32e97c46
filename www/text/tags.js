/** Which languages there are, and which of them a reader gets. Knows their names, not their words: those are in words.js. */

/**
 * @typedef {object} Language
 * @property {string} tag  as `lang` names it
 * @property {string} name  in the language itself
 * @property {"ltr" | "rtl"} [dir]
 */

/** A language is one line here, a folder beside this file, and a file in each figure's folder. @satisfies {Record<string, Language>} */
const all = {
  en: { tag: "en", name: "English" },
  zh: { tag: "zh-Hans", name: "中文" },
};

/** @type {Record<string, Language>} */
export const languages = all;

/** English with long words, from right to left: for trying out what a language may do to the layout. Nobody's browser asks for it. */
export const PSEUDO = "en-XA";

/** The language that a tag means: "zh-CN" is "zh". @param {string | null | undefined} tag @returns {string | undefined} */
export function languageIn(tag) {
  if (tag === PSEUDO) return PSEUDO;
  const plain = tag?.split("-")[0].toLowerCase();
  return plain !== undefined && Object.hasOwn(languages, plain) ? plain : undefined;
}

/** The first language of these that there is, else English. @param {(string | null | undefined)[]} tags */
export function choose(...tags) {
  for (const tag of tags) {
    const language = languageIn(tag);
    if (language) return language;
  }
  return "en";
}

/** How `lang` and `dir` name a language. @param {string} language @returns {{lang: string, dir: "ltr" | "rtl"}} */
export function named(language) {
  if (language === PSEUDO) return { lang: PSEUDO, dir: "rtl" };
  const { tag, dir = "ltr" } = languages[language] ?? all.en;
  return { lang: tag, dir };
}
