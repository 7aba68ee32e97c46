/** What happens to the page during a run and makes its numbers doubtful: the tab was hidden, or the machine slept. */

/** @typedef {{code: "tab-hidden" | "machine-slept", ms: number}} Warning */

const TICK_MS = 1000;
/** A tick this late, on a visible page, means that the machine slept. */
const SLEPT_MS = 5000;

/** Observes the page until the signal aborts. @param {AbortSignal} signal @returns {() => Warning[]} the warnings so far */
export function observeInterruptions(signal) {
  let hiddenMs = 0;
  let sleptMs = 0;
  let hiddenSince = document.hidden ? performance.now() : null;
  let lastTick = Date.now();

  const update = () => {
    const now = performance.now();
    if (hiddenSince !== null) hiddenMs += now - hiddenSince;
    hiddenSince = document.hidden ? now : null;
    lastTick = Date.now();
  };
  const timer = setInterval(() => {
    const late = Date.now() - lastTick - TICK_MS;
    if (!document.hidden && late > SLEPT_MS) sleptMs += late;
    lastTick = Date.now();
  }, TICK_MS);
  document.addEventListener("visibilitychange", update, { signal });
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  return () => {
    update();
    return /** @type {Warning[]} */ ([{ code: "tab-hidden", ms: Math.round(hiddenMs) }, { code: "machine-slept", ms: Math.round(sleptMs) }]).filter(({ ms }) => ms > 0);
  };
}
