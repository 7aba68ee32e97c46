/** A run as it can be kept in a file: its report, and what each worker did when. What a figure shows before its reader has run anything is made of this. */

/** @typedef {import("./engine/board.js").Live} Live */
/**
 * @typedef {object} Recording
 * @property {"locklab-recording/1"} schema
 * @property {any} report
 * @property {string[]} [stateNames]  absent, with all below, where nobody sees what the workers did
 * @property {{eventNames: string[], at: number[], event: number[], value: number[], beats: number[][]}} [master]  its times likewise, its beats' in ms
 * @property {{endUs: number, lanes: {at: number[], state: number[]}[]}[]} [phases]  times in whole microseconds, each counted from the one before it
 */

const US = 1000;

/** @param {any} report @param {Live} live @returns {Recording} */
export function pack(report, live) {
  // Where no events were kept there is nothing to play back.
  const kept = live.phases.filter(({ lanes }) => lanes.some(({ at }) => at.length));
  const phases = kept.map(({ lanes, endMs, nowMs }) => ({
    endUs: Math.round((endMs ?? nowMs) * US),
    lanes: lanes.map(({ at, state }) => ({ at: steps(at, US), state: [...state] })),
  }));
  return { schema: "locklab-recording/1", report, stateNames: [...live.stateNames], ...(live.master && { master: packMaster(live.master) }), phases };
}

/** @param {NonNullable<Live["master"]>} master */
function packMaster({ eventNames, at, event, value, beats }) {
  return { eventNames: [...eventNames], at: steps(at, US), event: [...event], value: [...value], beats: beats.map((one) => steps(one, 1)) };
}

/** Times as whole units, each counted from the one before it. @param {number[]} ms @param {number} units  in a millisecond */
function steps(ms, units) {
  const whole = ms.map((one) => Math.round(one * units));
  return whole.map((one, i) => one - (whole[i - 1] ?? 0));
}

/** The way back. @param {number[]} steps @param {number} units @returns {number[]} */
function times(steps, units) {
  let sum = 0;
  return steps.map((step) => (sum += step) / units);
}

/** @param {Recording} recording @returns {{report: any, live: Live}} */
export function unpack({ report, stateNames = [], phases = [], master }) {
  const workers = phases[0]?.lanes.length ?? 0;
  return {
    report,
    live: {
      workers, phase: phases.length - 1, counts: new Uint32Array(workers), states: new Uint8Array(workers), total: 0, planned: 0, stateNames, tables: {}, rowsVersion: 0,
      master: master ? { ...master, at: times(master.at, US), beats: master.beats.map((one) => times(one, 1)), log: report.log ?? [], logSkipped: report.logSkipped ?? 0, logHead: (report.log ?? []).length / 2 } : null,
      phases: phases.map(({ endUs, lanes }) => ({
        endMs: endUs / US, nowMs: endUs / US, dropped: 0,
        lanes: lanes.map(({ at, state }, i) => ({ name: `worker-${i}`, at: times(at, US), state })),
      })),
    },
  };
}
