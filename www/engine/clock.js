/** The time of day by this page's clock, and how far that is from the machine's: some clocks stand while the machine sleeps, and none follows where the time is set. */

/** Clocks that lie apart by more do not tell the same time, in ms. As in `src/web/mod.rs`. */
const SHIFTED_MS = 1000;

/** By how many ms the page's clock is ahead of the machine's; 0 where that is not worth a word. */
export function clockShiftMs() {
  const shift = performance.timeOrigin + performance.now() - Date.now();
  return Math.abs(shift) > SHIFTED_MS ? shift : 0;
}

/** Now, in ms since 1970: threads that began after a sleep say the same. */
export const epochMs = () => performance.timeOrigin + performance.now() - clockShiftMs();
