/** The room that a figure takes before anything of it is there, so that nothing on the page moves when it comes. A test holds it against the figures. */

/** Where there is room, on a small tablet, and on a phone. @typedef {[wide: number, middle: number, narrow: number]} Heights */

/** Heights in px at rest, with the recorded run that is shown then, by figure. article.css has the same. @type {Record<string, Heights>} */
const HEIGHTS = {
  "lock-cost": [1528, 1868, 2512],
  "price-list": [1444, 1500, 2148],
  contention: [2172, 2324, 2948],
  "master-worker": [1372, 1504, 2168],
  "master-exit": [1256, 1400, 2040],
};

/** Those in Chinese, which says the same in fewer lines. @type {Record<string, Heights>} */
const CHINESE = {
  "lock-cost": [1504, 1832, 2340],
  "price-list": [1420, 1472, 2080],
  contention: [2132, 2320, 2780],
  "master-worker": [1296, 1460, 2032],
  "master-exit": [1176, 1348, 1788],
};

/** Frames no wider than this are as a small tablet's screen, and no wider than that as a phone's. */
const MIDDLE = 800;
const NARROW = 640;

/** @param {string} figure @param {string} [language]  as `lang` names it @returns {Heights} */
export function heightsOf(figure, language = "en") {
  const heights = /^zh\b/.test(language) ? CHINESE : HEIGHTS;
  return Object.hasOwn(heights, figure) ? heights[figure] : heights["lock-cost"];
}

/** @param {string} figure @param {number} width @param {string} [language] */
export function heightOf(figure, width, language) {
  const [wide, middle, narrow] = heightsOf(figure, language);
  return width <= NARROW ? narrow : width <= MIDDLE ? middle : wide;
}
