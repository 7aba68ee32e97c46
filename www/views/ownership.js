/** Who had the lock when, as a timeline of some milliseconds, and what kind of taking turns that is. Knows turns, not counters. */
import { h, put, refill } from "./dom.js";
import { laneHeight } from "./lanes.js";
import { Timeline } from "./timeline.js";

/** @typedef {{worker: number, startUs: number, lengthUs: number}} Turn */
/** @typedef {{kind: "alone" | "hog" | "fair" | "mixed", turns: number, ms: number, worker: number, share: number, longestMs: number}} Kind */

const STATES = ["starting", "holding"];
/** Above this part of the window somebody is a hog, … */
const HOG = 0.5;
/** … and turns are fair if nobody's part is this many times an equal one. */
const FAIR = 1.6;
/** The buttons above the lanes, the axis below them, the legend, and the line about a moment. */
const AROUND = 32 + 22 + 22 + 18;

/** What kind of taking turns this is. @param {Turn[]} turns @param {number} threads @returns {Kind} */
export function kindOf(turns, threads) {
  const times = [...Array(threads)].map(() => 0);
  for (const { worker, lengthUs } of turns) times[worker] = (times[worker] ?? 0) + lengthUs;
  const all = times.reduce((sum, one) => sum + one, 0) || 1;
  const most = Math.max(...times);
  const worker = times.indexOf(most);
  const about = { turns: turns.length, ms: endOf(turns), worker, share: most / all, longestMs: Math.max(0, ...turns.map(({ lengthUs }) => lengthUs)) / 1000 };
  if (threads > 1 && turns.every((turn) => turn.worker === turns[0].worker)) return { kind: "alone", ...about };
  if (threads > 1 && about.share > HOG && about.share > 1.5 / threads) return { kind: "hog", ...about };
  const everyone = times.every((time) => time > 0) && turns.length >= 2 * threads;
  return { kind: threads > 1 && everyone && about.share < FAIR / threads ? "fair" : "mixed", ...about };
}

/** @param {Turn[]} turns */
const endOf = (turns) => Math.max(0, ...turns.map(({ startUs, lengthUs }) => startUs + lengthUs)) / 1000;

/** Lanes as a timeline draws them. @param {Turn[]} turns @param {number} threads */
function phaseOf(turns, threads) {
  const lanes = [...Array(threads)].map((_, i) => ({ name: `worker-${i}`, at: [0], state: [0] }));
  for (const { worker, startUs, lengthUs } of turns) {
    const lane = lanes[worker];
    if (!lane) continue;
    lane.at.push(startUs / 1000, (startUs + lengthUs) / 1000);
    lane.state.push(1, 0);
  }
  return { lanes, nowMs: endOf(turns), endMs: endOf(turns) };
}

/** @param {import("./timeline.js").TimelineWords} words @param {string} title @param {number} [around]  what stands around the lanes, in px */
export function makeOwnership(words, title, around = AROUND) {
  const heading = h("p", { class: "heading" });
  const timeline = new Timeline(words, [title], { legend: ["holding"] });
  const place = h("div", { class: "turns" });
  put(place, heading, timeline.element);
  /** @type {Turn[] | null} */
  let shown = null;
  return {
    element: place,
    timeline,
    /** Keeps room for this many lanes, so that nothing moves whichever is shown. @param {number} threads */
    reserve(threads) {
      place.style.minHeight = `${threads * laneHeight(threads) + around + 20}px`;
      if (!shown) timeline.reserve(threads);
    },
    /** @param {Turn[] | null} turns  null where they were not noted @param {number} threads @param {string} said */
    show(turns, threads, said) {
      refill(heading, h("b", null, title), " ", said);
      if (turns === shown && turns) return;
      shown = turns;
      timeline.begin(turns ? [phaseOf(turns, threads)] : [], STATES, threads, []);
      timeline.end(0);
    },
    destroy: () => timeline.destroy(),
  };
}
