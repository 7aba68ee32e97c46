/** Finding one's way in a lane's list of moments. */

/** The last of these moments that is not after `ms`; -1 if all are. @param {number[]} at  ascending @param {number} ms */
export function lastBefore(at, ms) {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle] <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
