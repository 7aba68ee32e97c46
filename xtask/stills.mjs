/**
 * What a figure is to whoever sees the page without JavaScript: the recorded run's picture, its sentences, its numbers as a table, and where they
 * come from; as HTML, in the words that the figure itself would use. Run by bundle.mjs. Reads no files.
 */
import { isExact } from "../www/settings.js";
import { escape } from "../www/text/fill.js";

/** @typedef {import("../www/text/words.js").Words} Words */
/** @typedef {{head: string, right?: boolean}} Column */
/** @typedef {{sentences: string[], caption: string, columns: Column[], rows: (string | number)[][]}} Still */

/** How large the pictures are, in px: what social networks ask for. */
export const CARD = { width: 1200, height: 630 };

/** @param {string} head @returns {Column} */
const right = (head) => ({ head, right: true });

/** What is said of each figure's report, and of its numbers. @type {Record<string, (report: any, words: Words) => Still>} */
const STILLS = {
  "lock-cost": ({ runs, prices, config, verdict }, words) => {
    const own = words.figures["lock-cost"];
    const { columns, none } = own;
    return {
      sentences: [
        own.price(prices[0], config.threads * config.times, words.counter(config.counter)),
        ...(verdict?.io ? [own.difference("io", verdict.io, runs[0].wallMs, config.counter)] : []),
        ...(verdict?.cpu ? [own.difference("cpu", verdict.cpu, runs[2].wallMs, config.counter)] : []),
      ],
      caption: own.bars.titles[0],
      columns: [{ head: columns.run }, right(columns.wall), right(columns.ideal), right(columns.over), right(columns.value)],
      rows: runs.map((/** @type {any} */ run) => [
        own.runName(run), words.time(run.wallMs), run.idealMs === undefined ? none : words.time(run.idealMs),
        run.idealMs ? words.percent(run.wallMs / run.idealMs - 1) : none, typeof run.finalValue === "number" ? words.count(run.finalValue) : none,
      ]),
    };
  },
  "price-list": ({ prices, config }, words) => {
    const own = words.figures["price-list"];
    const { columns } = own;
    const sorted = [...prices].sort((a, b) => a.nsPerOp - b.nsPerOp);
    const pinned = prices.find((/** @type {any} */ row) => row.counter === config.counter);
    return {
      sentences: [own.answer(words.counter(config.counter), pinned.nsPerOp)],
      caption: own.tableCaption,
      columns: [{ head: columns.counter }, { head: columns.side }, right(columns.price), right(columns.low), right(columns.high), right(columns.lost)],
      rows: sorted.map((row) => [words.counter(row.counter), own.sides[row.side] ?? row.side, own.price(row.nsPerOp), own.price(row.lowNs), own.price(row.highNs), words.count(row.lost)]),
    };
  },
  contention: ({ points, config }, words) => {
    const own = words.figures.contention;
    const { columns, none } = own;
    const { threads, counter } = config;
    const there = points.filter((/** @type {any} */ one) => one.threads === threads).sort((/** @type {any} */ a, /** @type {any} */ b) => (b.opsPerSecond ?? -1) - (a.opsPerSecond ?? -1));
    const mine = there.find((/** @type {any} */ one) => one.counter === counter);
    const alone = points.find((/** @type {any} */ one) => one.counter === counter && one.threads === 1);
    const losing = there.filter((/** @type {any} */ one) => !isExact(one.counter) && one.increments);
    const wait = (/** @type {number | undefined} */ ns) => (ns === undefined ? none : own.wait(ns));
    return {
      sentences: [
        own.scaling(words.counter(counter), alone.opsPerSecond, threads, mine.opsPerSecond),
        own.waits({ step: 0, ...mine.waitNs }),
        ...losing.map((/** @type {any} */ one) => own.lost(words.counter(one.counter), one.lost, one.increments, threads)),
      ],
      caption: own.tableCaption(threads),
      columns: [{ head: columns.counter }, right(columns.ops), right(columns.fairness), right(columns.p50), right(columns.p99), right(columns.max), right(columns.lost)],
      rows: there.map((/** @type {any} */ one) => [
        words.counter(one.counter), one.opsPerSecond === undefined ? none : own.perSecond(one.opsPerSecond), one.fairness === undefined ? none : own.fairness(one.fairness),
        wait(one.waitNs?.p50), wait(one.waitNs?.p99), wait(one.waitNs?.max), words.count(one.lost ?? 0),
      ]),
    };
  },
  "master-worker": ({ rounds, noticing, config, jobs, schedulingMs }, words) => {
    const own = words.figures["master-worker"];
    const { columns } = own;
    const { time, count } = words;
    return {
      sentences: [
        noticing.mode === "told" ? own.told(noticing) : own.polled(noticing, config),
        own.whole(jobs.done, rounds.length, rounds.at(-1).endMs, config.job === "io" ? rounds.length * config.waitMs : null, schedulingMs),
      ],
      caption: own.tableCaption,
      columns: [{ head: columns.round }, right(columns.done), right(columns.last), right(columns.knew), right(columns.took)],
      rows: rounds.map((/** @type {any} */ { startMs, endMs, lastDoneMs, knownMs, workers }, /** @type {number} */ i) => [
        own.roundName(i + 1), count(workers.filter((/** @type {any} */ one) => one.outcome === "done").length), time(lastDoneMs - startMs), time(knownMs - lastDoneMs), time(endMs - startMs),
      ]),
    };
  },
  "master-exit": ({ master, rounds, config, environment }, words) => {
    const own = words.figures["master-exit"];
    const { jobColumns: columns, none } = own;
    const { time } = words;
    const jobs = rounds.flatMap((/** @type {any} */ round) => round.workers);
    const maybe = (/** @type {number | undefined} */ ms) => (ms === undefined ? none : time(ms));
    return {
      sentences: [own.death(master), own.outlived(master, config.threads, environment.engine), own.adoption(master, jobs.filter((/** @type {any} */ job) => job.fate === "as-orphan").length)],
      caption: own.jobsCaption,
      columns: [{ head: columns.job }, { head: columns.worker }, { head: columns.fate }, right(columns.start), right(columns.end)],
      rows: jobs.map((/** @type {any} */ job) => [job.name, job.worker ?? none, own.fates[job.fate ?? "open"] ?? none, maybe(job.startMs), maybe(job.endMs)]),
    };
  },
};

/** What a figure's picture says to who can't see it. @param {string} figure @param {Words} words */
export const altOf = (figure, words) => {
  const { title, question } = words.figures[/** @type {keyof Words["figures"]} */ (figure)];
  return `${title}: ${question} (${words.figure.recorded})`;
};

/**
 * Where a figure's recorded run stands in the page without scripts: what an address that asks for the figure has behind its `#`.
 * www/shell/shell.js writes such addresses.
 * @param {string} figure
 */
export const placeOf = (figure) => `still-${figure}`;

/**
 * The figure without scripts, as HTML for a `<noscript>`.
 * @param {any} report  of the recorded run @param {Words} words @param {{light: string, dark: string} | null} pictures  of it, as seen from the page
 */
export function stillOf(report, words, pictures) {
  const { figure, environment, startedAt } = report;
  const { title, question } = words.figures[/** @type {keyof Words["figures"]} */ (figure)];
  const { sentences, caption, columns, rows } = STILLS[figure](report, words);
  const side = (/** @type {number} */ i) => (columns[i].right ? ' class="right"' : "");
  const row = (/** @type {(string | number)[]} */ cells) => `<tr>${cells.map((cell, i) => (i === 0 ? `<th scope="row">${escape(String(cell))}</th>` : `<td${side(i)}>${escape(String(cell))}</td>`)).join("")}</tr>`;
  const size = `width="${CARD.width}" height="${CARD.height}"`;
  const picture = pictures
    ? `<picture><source media="(prefers-color-scheme: dark)" srcset="${pictures.dark}" ${size}><img src="${pictures.light}" ${size} loading="lazy" alt="${escape(altOf(figure, words))}"></picture>`
    : "";
  return [
    `<figure class="still" data-still="${figure}" id="${placeOf(figure)}">`,
    `<figcaption><b>${escape(title)}</b> ${escape(question)}</figcaption>`,
    picture,
    ...sentences.map((text) => `<p>${escape(text)}</p>`),
    `<div class="wide" tabindex="0" role="group" aria-label="${escape(caption)}"><table><caption>${escape(caption)}</caption>`,
    `<thead><tr>${columns.map(({ head }, i) => `<th scope="col"${side(i)}>${escape(head)}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.map(row).join("\n")}</tbody></table></div>`,
    `<p class="soft">${escape([words.figure.recorded, words.figure.day(startedAt), words.figure.environment(environment)].filter(Boolean).join(" · "))}</p>`,
    "</figure>",
  ].filter(Boolean).join("\n");
}
