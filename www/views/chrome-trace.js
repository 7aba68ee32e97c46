/**
 * A timeline as a trace that ui.perfetto.dev and Chrome's tracing open: the JSON object of Google's "Trace Event Format". One process a phase,
 * one thread a lane; what lasts is a complete event, what only happens is an instant.
 */
import { stays } from "./lanes.js";
import { STYLES } from "./state-styles.js";

/** @typedef {import("./timeline.js").Phase} Phase */

const US = 1000;

/** Whether a state is a moment, with nothing of its own after it. @param {string} state */
const happens = (state) => state.startsWith("poll") || STYLES[state]?.final === true || STYLES[state]?.cross === true;

/**
 * @param {{phases: Phase[], stateNames: string[], phaseNames: string[], nameOf: (lane: number) => string}} timeline
 * @param {Record<string, any>} about  whatever belongs to the trace as a whole
 */
export function traceOf({ phases, stateNames, phaseNames, nameOf }, about) {
  const traceEvents = phases.flatMap((phase, index) => {
    const pid = index + 1;
    return [
      { name: "process_name", ph: "M", pid, tid: 0, args: { name: phaseNames[index] ?? `phase ${pid}` } },
      ...phase.lanes.flatMap((lane, row) => eventsOf(lane, phase, { pid, tid: row + 1 }, lane.name || nameOf(row), stateNames)),
    ];
  });
  return { traceEvents, displayTimeUnit: "ns", otherData: about };
}

/** @param {Phase["lanes"][number]} lane @param {Phase} phase @param {{pid: number, tid: number}} place @param {string} name @param {string[]} stateNames */
function eventsOf(lane, phase, place, name, stateNames) {
  return [
    { name: "thread_name", ph: "M", ...place, args: { name } },
    ...stays(lane, phase.endMs ?? phase.nowMs).map(({ state, atMs, ms }) => {
      const said = { name: stateNames[state], cat: "state", ts: atMs * US, ...place };
      return happens(said.name) ? { ...said, ph: "i", s: "t" } : { ...said, ph: "X", dur: ms * US };
    }),
    ...(lane.beats ?? []).map((ms) => ({ name: "beat", cat: "heartbeat", ph: "i", s: "t", ts: ms * US, ...place })),
  ];
}
