/** Frames in which a run is shown. */

/** The longest rest: a frame whose own thread had to wait for a processor for seconds took no work of that length. */
const REST_MS = 1000;
/** How old a part of a run is before it is drawn, unless it is the first; */
const FIRST_MS = 60;
/** and how often it is looked whether one has begun. */
const LOOK_MS = 16;

/**
 * Reads what a run's threads write and shows it, at most once a frame. After each frame the page is left alone for twice the time that it took, or a second: where
 * threads have the processors, frames take long, and nothing but frames would get through, and no click.
 *
 * Drawing takes part of what is measured, so that each part of a run has its first frame at the same age, however long the page would rest from what it
 * drew last. In WebKitGTK the first of two equal parts that calculate had it after 50 ms, and the second after 170: the first was the longer one in 76 %.
 * @param {import("./run.js").Run} run @param {AbortSignal} signal @param {(live: import("./board.js").Live) => void} show
 */
export function eachFrame(run, signal, show) {
  /** @type {number} */
  let timer;
  let restedMs = 0;
  const leftMs = () => {
    const age = run.view?.unreadMs() ?? null;
    return age === null ? restedMs - performance.now() : FIRST_MS - age;
  };
  const wait = () => {
    const left = leftMs();
    if (left > 0) timer = setTimeout(wait, Math.min(LOOK_MS, left));
    else requestAnimationFrame(draw);
  };
  const draw = () => {
    if (signal.aborted) return;
    // A part may have begun since the frame was asked for.
    if (leftMs() > 0) return wait();
    const begun = performance.now();
    // After the browser has laid out and painted what is drawn here.
    timer = setTimeout(() => {
      const now = performance.now();
      restedMs = now + Math.min(REST_MS, 2 * (now - begun));
      wait();
    });
    if (!run.view) return;
    run.view.update();
    show(run.view.live);
  };
  requestAnimationFrame(draw);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
