/** A run as it can be kept in a file: its report, and what each worker did when. What a figure shows before its reader has run anything is made of this. */

/** @typedef {import("./engine/board.js").Live} Live */
/**
 * @typedef {object} Recording
 * @property {"locklab-recording/1"} schema
 * @property {any} report
 * @property {string[]} stateNames
 * @property {{endUs: number, lanes: {at: number[], state: number[]}[]}[]} phases  times in whole microseconds, each counted from the one before it
 */

const US = 1000;

/** @param {any} report @param {Live} live @returns {Recording} */
export function pack(report, live) {
  const phases = live.phases.map(({ lanes, endMs, nowMs }) => ({
    endUs: Math.round((endMs ?? nowMs) * US),
    lanes: lanes.map(({ at, state }) => {
      const us = at.map((ms) => Math.round(ms * US));
      return { at: us.map((value, i) => value - (us[i - 1] ?? 0)), state: [...state] };
    }),
  }));
  return { schema: "locklab-recording/1", report, stateNames: [...live.stateNames], phases };
}

/** @param {Recording} recording @returns {{report: any, live: Live}} */
export function unpack({ report, stateNames, phases }) {
  const workers = phases[0]?.lanes.length ?? 0;
  return {
    report,
    live: {
      workers, phase: phases.length - 1, counts: new Uint32Array(workers), states: new Uint8Array(workers), total: 0, planned: 0, stateNames,
      phases: phases.map(({ endUs, lanes }) => ({
        endMs: endUs / US, nowMs: endUs / US, dropped: 0,
        lanes: lanes.map(({ at, state }, i) => {
          let us = 0;
          return { name: `worker-${i}`, at: at.map((step) => (us += step) / US), state };
        }),
      })),
    },
  };
}
