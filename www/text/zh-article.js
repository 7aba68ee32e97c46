/** The article's words in Chinese (Simplified); markup as in fill.js. */

/** @type {import("./words.js").Translated<import("./words.js").Article>} */
export const article = {
};
