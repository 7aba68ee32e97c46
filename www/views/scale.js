/** Scales map numbers to pixels, evenly or by their logarithm. */

/** @typedef {((value: number) => number) & {domain: number[], range: number[], invert(pixel: number): number, ticks(count: number): number[]}} Scale  `ticks`: about that many round numbers */

/** @param {number[]} domain @param {number[]} range @param {boolean} [clamp]  whether nothing is mapped out of the range */
export const linear = (domain, range, clamp) => make(domain, range, (value) => value, clamp);

/** @param {number[]} domain  above zero @param {number[]} range @param {boolean} [clamp] */
export const logarithmic = (domain, range, clamp) => make(domain, range, Math.log, clamp);

/** @param {number[]} domain @param {number[]} range @param {(value: number) => number} transform @param {boolean} clamp @returns {Scale} */
function make(domain, range, transform, clamp = false) {
  const [from, to] = domain.map(transform);
  const [start, end] = range;
  const scale = (/** @type {number} */ value) => {
    const share = (transform(value) - from) / (to - from);
    return start + (clamp ? Math.min(1, Math.max(0, share)) : share) * (end - start);
  };
  const invert = (/** @type {number} */ pixel) => domain[0] + ((pixel - start) / (end - start)) * (domain[1] - domain[0]);
  return Object.assign(scale, { domain, range, invert, ticks: (/** @type {number} */ count) => ticks(domain[0], domain[1], count) });
}

/** Multiples of 1, 2 or 5 times a power of ten, as d3-array's `ticks` chooses them. @param {number} from @param {number} to @param {number} count */
function ticks(from, to, count) {
  const rough = (to - from) / count;
  if (!(rough > 0)) return [];
  const power = Math.floor(Math.log10(rough));
  const over = rough / 10 ** power;
  const factor = over >= Math.sqrt(50) ? 10 : over >= Math.sqrt(10) ? 5 : over >= Math.sqrt(2) ? 2 : 1;
  // By whole numbers only: multiples of 0.1 are no round numbers.
  const [times, per] = power < 0 ? [1, 10 ** -power / factor] : [factor * 10 ** power, 1];
  const first = Math.ceil((from * per) / times);
  return [...Array(Math.max(0, Math.floor((to * per) / times) - first + 1) || 0)].map((_, i) => ((first + i) * times) / per);
}
