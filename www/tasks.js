/** What a reader is asked to bring about in each lab, as conditions on a run's report, in the order in which the article lists them. Fetched with the first report. */

/** @typedef {(report: any) => boolean | undefined} Holds  a report may lack what it asks for */

/** Whether one of these is so. @param {any[] | undefined} rows @param {(row: any, i: number, rows: any[]) => boolean} holds */
const some = (rows, holds) => rows?.some(holds);
/** @param {any} report */
const mutexNs = ({ prices }) => prices?.find((/** @type {any} */ { counter }) => counter === "std-mutex")?.nsPerOp;

/** @type {Record<string, Holds[]>} */
const tasks = {
  "lock-cost": [
    ({ runs }) => some(runs, ({ lock, wallMs }, i) => lock && wallMs < runs[i - 1].wallMs),
    ({ runs }) => some(runs, ({ lost }) => lost >= 100),
    ({ runs, gil }) => gil && runs?.[2]?.wallMs > 1.5 * gil.parallelMs,
  ],
  interleaving: [
    ({ schedules }) => schedules?.losing > schedules?.count / 2,
    ({ race }) => race?.slept > 0,
    ({ race, config }) => race?.losing === 0 && config.counter === "atomic",
  ],
  "price-list": [
    ({ prices }) => some(prices, ({ counter, lowNs, highNs, nsPerOp }) => counter === "std-mutex" && highNs - lowNs <= nsPerOp / 100),
    (report) => some(report.prices, ({ nsPerOp }) => nsPerOp >= 1000 * mutexNs(report)),
    ({ prices }) => some(prices, ({ versus }) => versus?.some((/** @type {any} */ { shows }) => !shows)),
  ],
  contention: [
    ({ points }) => some(points, ({ shares }) => shares?.includes(0)),
    ({ points }) => some(points, ({ opsPerSecond, gaveUpAfterMs }) => opsPerSecond < 1000 || gaveUpAfterMs !== undefined),
    ({ points }) => some(points, ({ lost, increments }) => lost > increments / 2),
  ],
  "master-worker": [
    ({ deaths, jobs }) => deaths?.length && jobs?.lost === 0,
    ({ jobs }) => jobs?.lost > 0,
    ({ noticing }) => noticing?.meanMs < 1,
  ],
  "master-exit": [
    ({ master }) => master?.diedAtMs !== undefined && master.survivors === 0,
    ({ master, jobs }) => master?.epoch > 1 && jobs?.lost === 0,
    ({ holder }) => holder?.recoveredBy !== undefined,
  ],
};

/** Ticks what a run has brought about. @param {string} figure @param {any} report */
export function tick(figure, report) {
  const asked = document.querySelectorAll(`[data-tasks="${figure}"] li`);
  tasks[figure]?.forEach((holds, i) => holds(report) && asked[i]?.classList.add("done"));
}
