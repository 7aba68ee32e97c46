/** The room that a frame takes before its figure is there, so that nothing on the page moves when it comes. article.css keeps the same, from the same manifests. */

/** @typedef {import("../shell/manifest.js").Heights} Heights */

/** By figure and language, from the figures' manifests; the bundler knows them. @type {Record<string, Record<string, Heights>>} */
// @ts-ignore: defined by the bundler
const HEIGHTS = LAB_HEIGHTS;

/** Frames no wider than this are as a small tablet's screen, and no wider than that as a phone's: article.css has the same. */
const MIDDLE = 800;
const NARROW = 640;

/** @param {string} figure @param {number} width @param {string} [language]  as `lang` names it */
export function heightOf(figure, width, language = "en") {
  const heights = Object.hasOwn(HEIGHTS, figure) ? HEIGHTS[figure] : Object.values(HEIGHTS)[0];
  const [wide, middle, narrow] = heights[language.split("-")[0]] ?? heights.en;
  return width <= NARROW ? narrow : width <= MIDDLE ? middle : wide;
}
