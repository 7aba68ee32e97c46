/** How much of the processors' time the page takes to show a run. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { eachFrame } from "../../www/engine/frames.js";

test("after each frame the page is left alone for twice the time that it took, and never for much longer than a second", () => {
  let now = 0;
  /** What the browser will call, and when. @type {{at: number, call: () => void}[]} */
  let due = [];
  // A screen of 60 frames a second.
  const requestAnimationFrame = (/** @type {() => void} */ call) => due.push({ at: (Math.floor(now / 16) + 1) * 16, call });
  const setTimeout = (/** @type {() => void} */ call, ms = 0) => due.push({ at: now + ms, call });
  Object.assign(globalThis, { requestAnimationFrame, setTimeout, clearTimeout: () => {}, performance: { now: () => now } });
  /** When a frame began and ended. @type {number[][]} */
  const frames = [];
  const ending = new AbortController();
  for (const tookMs of [1, 40, 4000]) {
    const run = /** @type {any} */ ({ view: { update() {}, live: {} } });
    eachFrame(run, ending.signal, () => frames.push([now, (now += tookMs)]));
    for (const until = now + 1000 + 4 * tookMs; now < until;) {
      const next = due.reduce((first, one) => (one.at < first.at ? one : first));
      due = due.filter((one) => one !== next);
      now = Math.max(now, next.at);
      next.call();
    }
    due = [];
    const rest = Math.min(2 * tookMs, 1000);
    const rests = frames.slice(1).map(([begin], i) => begin - frames[i][1]);
    assert.ok(rests.length > 1 && rests.every((one) => one >= rest && one <= rest + 32), `${frames}`);
    assert.equal(frames.length > 50, tookMs === 1, "a light one comes with each of the screen's");
    frames.length = 0;
  }
});
