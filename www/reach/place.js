/** The room that a figure takes before anything of it is there, so that nothing on the page moves when it comes. A test holds it against the figures. */

/** Heights in px at rest, by figure: where there is room, and on a phone. @type {Record<string, [wide: number, narrow: number]>} */
const HEIGHTS = {
  "lock-cost": [668, 940],
  "price-list": [814, 1172],
  contention: [1204, 1564],
  "master-worker": [704, 1264],
  "master-exit": [668, 1148],
};

/** Figures narrower than this are as on a phone. */
export const NARROW = 640;

/** @param {string} figure @returns {[wide: number, narrow: number]} */
export const heightsOf = (figure) => (Object.hasOwn(HEIGHTS, figure) ? HEIGHTS[figure] : HEIGHTS["lock-cost"]);

/** @param {string} figure @param {number} width */
export function heightOf(figure, width) {
  const [wide, narrow] = heightsOf(figure);
  return width < NARROW ? narrow : wide;
}
