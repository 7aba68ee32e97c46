/** Frames in which a run is shown. */

/** A frame that takes longer than this, in ms, finds the processors taken. */
const SLOW_FRAME_MS = 100;

/**
 * Reads what a run's threads write and shows it, at most once a frame. Where those threads have the processors, a frame takes long; the page is then
 * left alone for twice that time, or nothing but frames would get through, and no click.
 * @param {import("./run.js").Run} run @param {AbortSignal} signal @param {(live: import("./board.js").Live) => void} show
 */
export function eachFrame(run, signal, show) {
  /** @type {number} */
  let timer;
  const draw = () => {
    if (signal.aborted) return;
    const begun = performance.now();
    // After the browser has laid out and painted what is drawn here.
    setTimeout(() => {
      const tookMs = performance.now() - begun;
      if (tookMs < SLOW_FRAME_MS) requestAnimationFrame(draw);
      else timer = setTimeout(() => requestAnimationFrame(draw), 2 * tookMs);
    });
    if (!run.view) return;
    run.view.update();
    show(run.view.live);
  };
  requestAnimationFrame(draw);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
