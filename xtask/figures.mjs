/** Which figures and languages there are, and all that a language says, for the scripts that run in Node. Reads the page's own files as they stand. */
import { articleFile, figureWordsFile, wordsFile } from "../www/files.js";
import { figureNames } from "../www/settings.js";
import { over } from "../www/text/over.js";
import { languages } from "../www/text/tags.js";

export { isWhole, over } from "../www/text/over.js";
export { figureNames, languages };

/** @typedef {import("../www/shell/manifest.js").Manifest} Manifest */

/** @template T @param {string[]} names @param {(name: string) => Promise<T>} load @returns {Promise<Record<string, T>>} */
const each = async (names, load) => Object.fromEntries(await Promise.all(names.map(async (name) => /** @type {[string, T]} */ ([name, await load(name)]))));

/** What each figure says of itself. @type {Record<string, Manifest>} */
export const manifests = await each(figureNames, async (name) => (await import(`../www/figures/${name}/figure.js`)).figure);

/** @param {string} language @returns {Promise<{shared: import("../www/text/words.js").Words, figures: Record<string, any>, article: any}>} */
async function own(language) {
  const { default: shared } = await wordsFile(language);
  return {
    shared: { ...shared, share: await shared.share() },
    figures: await each(figureNames, async (name) => (await figureWordsFile(name, language)).default),
    article: (await articleFile(language)).default,
  };
}

/** All that a language says. @param {string} language @param {boolean} [whole]  with English in the place of what it lacks */
export const wordsIn = async (language, whole = true) => (whole ? over(await own("en"), await own(language)) : own(language));
