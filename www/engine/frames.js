/** Frames in which a run is shown. */

/** The longest rest: a frame whose own thread had to wait for a processor for seconds took no work of that length. */
const REST_MS = 1000;

/**
 * Reads what a run's threads write and shows it, at most once a frame. After each frame the page is left alone for twice the time that it took, or a second: where
 * threads have the processors, frames take long, and nothing but frames would get through, and no click. And drawing takes part of what is measured:
 * a page that drew all it could until a frame came late drew more of the first of two equal runs, which was the longer one then in 18 of 20 in WebKitGTK.
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
      timer = setTimeout(() => requestAnimationFrame(draw), Math.min(REST_MS, 2 * (performance.now() - begun)));
    });
    if (!run.view) return;
    run.view.update();
    show(run.view.live);
  };
  requestAnimationFrame(draw);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
