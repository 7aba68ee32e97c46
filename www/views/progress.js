/** A progress bar that the browser draws, and a voice that speaks at each tenth, not at every frame. */
import { h } from "./dom.js";

/** @param {string} label @param {(tenth: number) => void} speak */
export function makeProgress(label, speak) {
  const element = h("progress", { max: 1, "aria-label": label, hidden: true });
  let tenth = 0;
  return {
    element,
    /** Something is going on, but it can't be said how far it is. */
    wait() {
      element.hidden = false;
      element.removeAttribute("value");
    },
    begin() {
      tenth = 0;
      element.hidden = false;
      element.value = 0;
    },
    /** @param {number} share  from 0 to 1 */
    set(share) {
      const now = Math.min(1, Math.max(0, share));
      if (Math.abs(now - element.value) >= 0.002) element.value = now;
      const reached = Math.floor(now * 10);
      if (reached > tenth && reached < 10) speak((tenth = reached));
    },
    hide() {
      element.hidden = true;
    },
  };
}
