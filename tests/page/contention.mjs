/** What contention's sentences claim of windows: two counters are ranked only where every window agrees. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { beside, figure, timesAsQuick } from "../../www/figures/contention/figure.js";
import own from "../../www/figures/contention/en.js";

const words = { counter: (/** @type {string} */ name) => name, count: String };
const tens = (/** @type {number[]} */ ...rates) => Array.from({ length: 10 }, (_, i) => rates[i % rates.length]);
/** @param {string} counter @param {number} threads @param {number[]} windows @param {object} [more] */
const point = (counter, threads, windows, more) => ({ counter, threads, windows, opsPerSecond: windows[4], lowOpsPerSecond: Math.min(...windows), highOpsPerSecond: Math.max(...windows), ...more });
/** @param {any[]} points */
const said = (points) => figure.sentences({ config: { counter: "std-mutex", threads: 2 }, environment: {}, points }, /** @type {any} */ ({ words, own })).join("\n");

test("one counter is quicker than another only if it is so in each of ten windows", () => {
  const slow = { windows: tens(1e6) };
  assert.equal(timesAsQuick({ windows: tens(2e6, 3e6) }, slow), 2.5);
  assert.equal(timesAsQuick(slow, { windows: tens(2e6) }), 0.5);
  assert.equal(timesAsQuick({ windows: [...tens(9e6).slice(1), 0.9e6] }, slow), undefined, "one window disagrees");
  assert.equal(timesAsQuick({ windows: tens(2e6).slice(1) }, { windows: tens(1e6).slice(1) }), undefined, "nine agree by chance too often");
  assert.equal(timesAsQuick({}, slow), undefined, "an older report has no windows");
});

test("sentences rank what the windows rank, and nothing else", () => {
  const alone = point("std-mutex", 1, tens(4e6));
  const mine = point("std-mutex", 2, tens(1e6));
  const text = said([alone, mine, point("spin", 2, tens(2e6)), point("futex", 2, [...tens(8e6).slice(1), 1e3])]);
  assert.match(text, /spin \(2\.00 times\) was quicker than std-mutex in every window/);
  assert.doesNotMatch(text, /futex/);
  assert.match(text, /4\.00 times less/);
  assert.match(said([{ ...alone, windows: tens(4e6, 0.5e6) }, mine, point("futex", 2, tens(1e6, 2e6, 0.5e6))]), /no difference that all windows agree on[^]*no counter that loses nothing was quicker/);
});

test("one lock with one thread has a sentence, too", () => {
  assert.match(said([point("std-mutex", 1, tens(4e6))]), /^std-mutex: 4.M.s with one thread\.$/);
});

test("a lock of two speeds is said to have both", () => {
  const speeds = { slowOpsPerSecond: 200, quickOpsPerSecond: 8.5e6, slowWindows: 7 };
  assert.match(said([point("ticket", 2, tens(200), { bimodal: speeds })]), /ticket has two speeds with 2 threads: 200[^]*in 7 of 10 windows, 8\.5/);
  // Half of its windows made nothing: a run said "16.1 M/s, 92,000 times less" of 22.
  const mine = point("std-mutex", 2, tens(2e7, 100), { bimodal: speeds });
  const text = said([point("std-mutex", 1, tens(3e7)), mine, point("spin", 2, tens(2.5e7))]);
  assert.doesNotMatch(text, /times|no difference/);
});

test("a machine's points are drawn as if the pinned counter made as much there with one thread as here", () => {
  const points = [point("spin", 1, tens(2e6)), point("spin", 2, tens(1e6))];
  const there = { environment: { engine: "native, a machine" }, points: points.map((one) => ({ ...one, opsPerSecond: one.opsPerSecond * 5, waitNs: { p50: 9 } })) };
  assert.deepEqual(beside(points, there, "spin").map(({ opsPerSecond, waitNs }) => [opsPerSecond, waitNs]), [[2e6, undefined], [1e6, undefined]]);
  assert.deepEqual(beside([], there, "spin"), [], "before it is known here, there is nothing to compare");
  const browser = { ...there, environment: { engine: "Firefox 153" } };
  assert.deepEqual(beside(points, browser, "spin"), browser.points, "another browser's points are what they are");
  const report = { config: { counter: "spin", threads: 2 }, environment: {}, points };
  const text = figure.sentences(report, /** @type {any} */ ({ words: { ...words, figure: { where: () => "a machine" } }, own, other: there })).join("\n");
  assert.match(text, /In a machine, spin makes with 2 threads 0\.50 times/);
  assert.doesNotMatch(text, /5,000,000|10,000,000/, "what it makes there is not said as if it were made here");
});
