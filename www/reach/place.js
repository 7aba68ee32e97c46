/** The room that a figure takes before anything of it is there, so that nothing on the page moves when it comes. A test holds it against the figures. */

/** Heights in px at rest, with the recorded run that is shown then, by figure: where there is room, on a small tablet, and on a phone. article.css has the same. @type {Record<string, [wide: number, middle: number, narrow: number]>} */
const HEIGHTS = {
  "lock-cost": [1528, 1868, 2512],
  "price-list": [1416, 1472, 2120],
  contention: [2236, 2408, 3064],
  "master-worker": [1372, 1504, 2168],
  "master-exit": [1256, 1400, 2040],
};

/** Frames no wider than this are as a small tablet's screen, and no wider than that as a phone's. */
const MIDDLE = 800;
const NARROW = 640;

/** @param {string} figure @returns {[wide: number, middle: number, narrow: number]} */
export const heightsOf = (figure) => (Object.hasOwn(HEIGHTS, figure) ? HEIGHTS[figure] : HEIGHTS["lock-cost"]);

/** @param {string} figure @param {number} width */
export function heightOf(figure, width) {
  const [wide, middle, narrow] = heightsOf(figure);
  return width <= NARROW ? narrow : width <= MIDDLE ? middle : wide;
}
