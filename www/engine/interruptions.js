/** What happens to the page during a run, or has before, and makes its numbers doubtful: the tab was hidden, the frame scrolled away, or the machine slept. */
import { clockShiftMs } from "./clock.js";

/** @typedef {{code: "tab-hidden" | "frame-unseen" | "machine-slept" | "clock-shifted", ms: number}} Warning */

const TICK_MS = 1000;
/** A tick this late, on a visible page, means that the machine slept. */
const SLEPT_MS = 5000;

/** A time that goes on while something is so. */
class Stretch {
  #ms = 0;
  /** @type {number | undefined} */
  #since = undefined;

  /** @param {boolean} isSo  from now on */
  note(isSo) {
    const now = performance.now();
    if (this.#since !== undefined) this.#ms += now - this.#since;
    this.#since = isSo ? now : undefined;
    return this;
  }

  get ms() {
    return Math.round(this.#ms);
  }
}

/** Observes the page until the signal aborts. @param {AbortSignal} signal @returns {() => Warning[]} the warnings so far */
export function observeInterruptions(signal) {
  const hidden = new Stretch().note(document.hidden);
  const unseen = new Stretch();
  let isSeen = true;
  let sleptMs = 0;
  let lastTick = Date.now();

  const update = () => {
    hidden.note(document.hidden);
    unseen.note(!isSeen && !document.hidden);
    lastTick = Date.now();
  };
  const timer = setInterval(() => {
    const late = Date.now() - lastTick - TICK_MS;
    if (!document.hidden && late > SLEPT_MS) sleptMs += late;
    lastTick = Date.now();
  }, TICK_MS);
  // Without a root it is the window's part in sight that counts, whatever frames lie between. A page that is no frame is where its reader is.
  const sight = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? true;
    update();
  });
  if (window.parent !== window) sight.observe(document.documentElement);
  document.addEventListener("visibilitychange", update, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    sight.disconnect();
  }, { once: true });
  return () => {
    update();
    return /** @type {Warning[]} */ ([{ code: "tab-hidden", ms: hidden.ms }, { code: "frame-unseen", ms: unseen.ms }, { code: "machine-slept", ms: Math.round(sleptMs) }, { code: "clock-shifted", ms: Math.round(Math.abs(clockShiftMs())) }]).filter(({ ms }) => ms > 0);
  };
}
