/** The page's clock beside the machine's, where one of the two was moved. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { BoardView } from "../../www/engine/board.js";
import { clockShiftMs, epochMs } from "../../www/engine/clock.js";

// What a page has at hand, of which nothing is wanted here.
Object.assign(globalThis, { LAB_ASSETS: {}, document: new EventTarget() });
const { Group } = await import("../../www/engine/group.js");
const origin = performance.timeOrigin;

/** Does something on a page whose clock is some ms ahead. @param {number} ms @param {() => void} work */
function ahead(ms, work) {
  Object.defineProperty(performance, "timeOrigin", { value: origin + ms, configurable: true });
  try {
    work();
  } finally {
    Object.defineProperty(performance, "timeOrigin", { value: origin, configurable: true });
  }
}

test("a clock that is off by more than a second says so, and the time of day is the machine's", () => {
  assert.equal(clockShiftMs(), 0);
  for (const ms of [-3600000, -1500, 1500, 3600000]) {
    ahead(ms, () => {
      assert.ok(Math.abs(clockShiftMs() - ms) < 500, `${clockShiftMs()} of ${ms}`);
      assert.ok(Math.abs(epochMs() - Date.now()) < 5);
    });
  }
  ahead(300, () => assert.equal(clockShiftMs(), 0, "clocks are never quite alike"));
});

test("a phase goes on by the workers' clock, however far the page's is from it", () => {
  for (const ms of [-3600000, 0, 3600000]) {
    ahead(ms, () => {
      const view = Object.create(BoardView.prototype);
      const phase = { lanes: [], nowMs: 0, endMs: null, dropped: 0 };
      Object.assign(view, {
        serial: 1, origin: Date.now() - 700, master: null, live: { phase: 0, phases: [phase], workers: 0 },
        header: () => 1, readRows: () => {}, drain: () => false,
      });
      view.update();
      assert.ok(Math.abs(phase.nowMs - 700) < 100, `${phase.nowMs} after 700 ms`);
    });
  }
});

test("a part that is not read yet is as old as it was noticed to be, where the threads' clock is ahead of the page's", () => {
  const { now } = performance;
  const view = Object.assign(Object.create(BoardView.prototype), { serial: 1, noticed: { serial: 1, atMs: 0 }, live: { phase: 0, phases: [{ lanes: [{ at: [1] }] }] } });
  let [serial, ms] = [1, 5000];
  Object.assign(view, { header: () => serial, originMs: () => performance.timeOrigin + 5000 + 600 });
  Object.defineProperty(performance, "now", { value: () => ms, configurable: true });
  try {
    assert.equal(view.unreadMs(), null, "nothing has begun");
    const ages = [];
    for ([serial, ms] of [[2, 5000], [2, 5040], [3, 5050], [3, 5090], [3, 5800]]) ages.push(view.unreadMs());
    assert.deepEqual(ages.map(Math.round), [0, 40, 0, 40, 750]);
    view.live.phases[0].lanes[0].at.pop();
    assert.equal(view.unreadMs(), null, "the first that is drawn need not wait");
  } finally {
    Object.defineProperty(performance, "now", { value: now, configurable: true });
  }
});

test("threads of before a sleep are not used after it", () => {
  const group = { reusable: true, clockShiftMs: clockShiftMs(), module: null, threads: 4, poolOwner: "page" };
  const fits = () => Group.prototype.fits.call(group, null, 4, "page");
  assert.ok(fits());
  ahead(-60000, () => assert.ok(!fits()));
});
