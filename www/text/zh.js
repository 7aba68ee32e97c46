/** The figures' words in Chinese (Simplified); the article's are in zh-article.js. */

/** @type {import("./words.js").Translated<import("./words.js").Words>} */
const zh = {
};

export default zh;
