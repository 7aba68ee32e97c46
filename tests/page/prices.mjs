/** What the price list and lock-cost may claim of numbers. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { scaled } from "../../www/figures/price-list/figure.js";
import { time } from "../../www/text/en/units.js";

const prices = (/** @type {number} */ factor) => [["cas", 10], ["std-mutex", 20]].map(([counter, ns]) => ({ counter, nsPerOp: Number(ns) * factor }));

test("native prices are told in this machine's compare-and-swaps, however fast the other machine is", () => {
  for (const factor of [0.2, 1, 3]) {
    const marks = scaled(prices(1), [{ prices: prices(factor) }]);
    assert.deepEqual(marks.map(({ nsPerOp }) => Math.round(nsPerOp)), [10, 20]);
  }
  assert.deepEqual(scaled([], [{ prices: prices(1) }]), [], "before it is known here, there is nothing to compare");
});

test("a time below the clock's step is not said to be none", () => {
  assert.equal(time(0, 0.005), `less than ${time(0.005)}`);
  assert.equal(time(0.02, 0.02), time(0.02));
});
