/** A lane's moments, ascending: when it entered which state. */

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

/** How long a lane stayed in each of its states. @param {{at: number[], state: number[]}} lane @param {number} endMs  of the last one */
export const stays = ({ at, state }, endMs) => at.map((atMs, i) => ({ state: state[i], atMs, ms: Math.max(0, (at[i + 1] ?? endMs) - atMs) }));
