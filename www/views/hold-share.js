/** A slider for the share of time inside a critical section: it moves two settings at once and keeps their sum. */
import { h } from "./dom.js";

/** @typedef {{label: string, empty: string, say(share: number, ns: number): string}} HoldShareWords */

/** What inside and between take together if nothing has been set yet, in ns. */
const USUAL_NS = 10_000;
/** One step of the slider, in percent. */
const STEP = 5;
let serial = 0;

/** @param {HoldShareWords} words @param {(patch: {holdNs: number, pauseNs: number}) => void} changed */
export function makeHoldShare(words, changed) {
  const id = `lab-hold-share-${++serial}`;
  const slider = h("input", { type: "range", id, min: 0, max: 100, step: STEP, "aria-valuetext": words.empty });
  const said = h("output", { for: id });
  let sum = 0;
  slider.addEventListener("input", () => {
    const whole = sum || USUAL_NS;
    const holdNs = Math.round((whole * Number(slider.value)) / 100);
    changed({ holdNs, pauseNs: whole - holdNs });
  });
  return {
    element: h("div", { class: "control" }, h("label", { for: id }, words.label), said, h("span", { class: "slide" }, slider)),
    /** @param {number} holdNs @param {number} pauseNs */
    show(holdNs, pauseNs) {
      sum = holdNs + pauseNs;
      const share = sum ? holdNs / sum : 1;
      const place = String(Math.round((share * 100) / STEP) * STEP);
      if (slider.value !== place) slider.value = place;
      const text = sum ? words.say(share, sum) : words.empty;
      said.textContent = text;
      slider.setAttribute("aria-valuetext", text);
    },
  };
}
