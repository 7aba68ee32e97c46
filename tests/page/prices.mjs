/** What the price list and lock-cost may claim of numbers. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { beside } from "../../www/figures/price-list/figure.js";
import { time } from "../../www/text/en/units.js";

const prices = (/** @type {number} */ factor) => [["cas", 10], ["std-mutex", 20]].map(([counter, ns]) => ({ counter, nsPerOp: Number(ns) * factor }));

const machine = (/** @type {number} */ factor) => ({ environment: { engine: "native, a machine" }, prices: prices(factor) });

test("native prices are told in this machine's compare-and-swaps, however fast the other machine is", () => {
  for (const factor of [0.2, 1, 3]) {
    const marks = beside(prices(1), machine(factor));
    assert.deepEqual(marks.map(({ nsPerOp }) => Math.round(nsPerOp)), [10, 20]);
  }
  assert.deepEqual(beside([], machine(1)), [], "before it is known here, there is nothing to compare");
  const browser = { ...machine(3), environment: { engine: "Firefox 153" } };
  assert.deepEqual(beside(prices(1), browser), browser.prices, "another browser's prices are what they are");
});

test("a time below the clock's step is not said to be none", () => {
  assert.equal(time(0, 0.005), `less than ${time(0.005)}`);
  assert.equal(time(0.02, 0.02), time(0.02));
});
