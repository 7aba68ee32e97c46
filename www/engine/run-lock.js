/**
 * One run at a time on a machine, across the frames and tabs of a site, by Web Locks. Where a browser has none, each page is on its own.
 * Within a page, the engine queues runs.
 */

const RUN = "lock-lab run";
const THREADS = "lock-lab threads";

/**
 * Waits until no other page runs anything.
 * @param {AbortSignal} signal  ends the wait
 * @param {() => void} waits  called when another page holds the lock
 * @returns {Promise<() => void>} releases the lock
 */
export function acquireRunLock(signal, waits) {
  return new Promise((resolve, reject) => {
    const hold = () => new Promise((/** @type {(value?: unknown) => void} */ release) => resolve(() => release()));
    const acquire = async () => {
      const isFree = await navigator.locks.request(RUN, { ifAvailable: true }, (lock) => (lock ? hold() : false));
      if (isFree !== false) return;
      waits();
      await navigator.locks.request(RUN, { signal }, hold);
    };
    // Web Locks may be missing or forbidden.
    acquire().catch(() => (signal.aborted ? reject(signal.reason) : resolve(() => {})));
  });
}

/**
 * Claims the site's only set of threads: the page that had it loses it, else a page full of frames would keep one in each.
 * @param {AbortSignal} signal  ends the claim
 * @param {() => void} lost  called when another page claims it
 */
export async function claimThreads(signal, lost) {
  const released = new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  try {
    await navigator.locks.request(THREADS, { steal: true }, () => released);
  } catch (error) {
    if (!signal.aborted && error instanceof DOMException && error.name === "AbortError") lost();
  }
}
