/**
 * Where a figure's parts and a language's words lie. It runs as it stands; the bundler writes each import out, so that a reader fetches one
 * language, and gives a language that lacks words the English ones beside its own.
 */

/** The part of a figure that draws, its manifest with it. @param {string} figure @returns {Promise<import("./shell/manifest.js").FigureModule>} */
export const viewFile = (figure) => import(`./figures/${figure}/view.js`);

/** @param {string} figure @param {string} language @returns {Promise<{default: any}>} */
export const figureWordsFile = (figure, language) => import(`./figures/${figure}/${language}.js`);

/** @param {string} language @returns {Promise<{default: any}>} */
export const wordsFile = (language) => import(`./text/${language}/words.js`);

/** @param {string} language @returns {Promise<{default: any}>} */
export const articleFile = (language) => import(`./text/${language}/article.js`);
