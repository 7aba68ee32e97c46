/** A lane's moments, ascending: when it entered which state. */

/** How high all lanes may be together, and one of them, in CSS pixels. */
const LANES = 180;
const HIGHEST = 11;
const LOWEST = 2;
/** How high a lane is. @param {number} lanes */
export const laneHeight = (lanes) => Math.max(LOWEST, Math.min(HIGHEST, Math.floor(LANES / lanes)));

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

/** How these lanes' time is divided among the states, the largest share first. @param {{at: number[], state: number[]}[]} lanes @param {number} endMs @returns {[number, number][]} */
export function sharesOf(lanes, endMs) {
  /** @type {Map<number, number>} */
  const sums = new Map();
  let all = 0;
  for (const { state, ms } of lanes.flatMap((lane) => stays(lane, endMs))) {
    sums.set(state, (sums.get(state) ?? 0) + ms);
    all += ms;
  }
  return [...sums].sort((a, b) => b[1] - a[1]).map(([state, ms]) => [state, all ? ms / all : 0]);
}
