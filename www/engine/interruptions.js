/** Notes what happened to the page while a run went on, and makes its numbers doubtful: it was hidden, or the machine slept. */

/** @typedef {{code: "tab-hidden" | "machine-slept", ms: number}} Warning */

/** A timer that is later than this, on a page that can be seen, means that the machine slept. In ms. */
const SLEPT_MS = 5000;
const TICK_MS = 1000;

/** Begins to watch. @returns {{warnings: () => Warning[], leave: () => void}} */
export function watchPage() {
  let hiddenMs = 0;
  let sleptMs = 0;
  let hiddenSince = document.hidden ? performance.now() : null;
  let lastTick = Date.now();

  const look = () => {
    const now = performance.now();
    if (hiddenSince !== null) hiddenMs += now - hiddenSince;
    hiddenSince = document.hidden ? now : null;
    lastTick = Date.now();
  };
  const tick = () => {
    const late = Date.now() - lastTick - TICK_MS;
    if (!document.hidden && late > SLEPT_MS) sleptMs += late;
    lastTick = Date.now();
  };
  document.addEventListener("visibilitychange", look);
  const timer = setInterval(tick, TICK_MS);
  return {
    warnings() {
      look();
      /** @type {Warning[]} */
      const warnings = [];
      if (hiddenMs > 0) warnings.push({ code: "tab-hidden", ms: Math.round(hiddenMs) });
      if (sleptMs > 0) warnings.push({ code: "machine-slept", ms: Math.round(sleptMs) });
      return warnings;
    },
    leave() {
      document.removeEventListener("visibilitychange", look);
      clearInterval(timer);
    },
  };
}
