/** The table behind a timeline, for readers who can't see it or want numbers: each lane's time by state. Made when a reader opens it. */
import { h, refill } from "./dom.js";
import { stays } from "./lanes.js";
import { makeTable } from "./table.js";

/** @typedef {{name: string, at: number[], state: number[]}} Lane */
/** @typedef {{run: string, phase: {lanes: Lane[], endMs: number | null, nowMs: number}, stateNames: string[]}} Shown */
/** @typedef {{open: string, caption(run: string): string, lane: string, moments: string, longest(state: string): string, states: Record<string, string>, time(ms: number): string, count(value: number): string}} LanesTableWords */

/** The states that have a column, in this order, and the one whose longest stay has a column too. */
const COLUMNS = ["io", "cpu", "waiting", "holding", "done"];
const LONGEST = "waiting";

/** @param {LanesTableWords} words */
export function makeLanesTable(words) {
  /** @type {Shown | null} */
  let shown = null;
  const place = h("div");
  const element = h("details", { hidden: true, onToggle: fill }, h("summary", null, words.open), place);

  function fill() {
    refill(place, element.open && shown && tableOf(shown, words));
  }
  return {
    element,
    /** @param {Shown | null} now  null until a run is over */
    show(now) {
      shown = now;
      element.hidden = now === null;
      fill();
    },
  };
}

/** @param {Shown} shown @param {LanesTableWords} words */
function tableOf({ run, phase, stateNames }, words) {
  const rows = phase.lanes.map((lane) => sum(lane, phase.endMs ?? phase.nowMs, stateNames));
  const columns = COLUMNS.filter((state) => rows.some(({ total }) => total[state]));
  const longest = columns.includes(LONGEST);
  /** @param {string} head */
  const right = (head) => ({ head, right: true });
  return makeTable({
    caption: words.caption(run),
    columns: [{ head: words.lane }, ...columns.map((state) => right(words.states[state])), ...(longest ? [right(words.longest(words.states[LONGEST]))] : []), right(words.moments)],
    rows: rows.map(({ name, total, most, moments }) => [
      name, ...columns.map((state) => words.time(total[state] ?? 0)), ...(longest ? [words.time(most)] : []), words.count(moments),
    ]),
  });
}

/** @param {Lane} lane @param {number} endMs @param {string[]} stateNames */
function sum(lane, endMs, stateNames) {
  /** @type {Record<string, number>} */
  const total = {};
  let most = 0;
  for (const { state, ms } of stays(lane, endMs)) {
    const key = stateNames[state];
    total[key] = (total[key] ?? 0) + ms;
    if (key === LONGEST) most = Math.max(most, ms);
  }
  return { name: lane.name, total, most, moments: lane.at.length };
}
