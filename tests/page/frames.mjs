/** When the page shows what of a run, and how much of the processors' time that takes. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { BoardView } from "../../www/engine/board.js";
import { eachFrame } from "../../www/engine/frames.js";
import { LanePainter } from "../../www/views/lane-painter.js";

const clock = performance;
/** The browser's time, which goes on where a test says so. */
let now = 0;
/** What the browser will call, and when. @type {{at: number, call: () => void}[]} */
let due = [];

/** A browser whose screen has 60 frames a second, until that time. @param {number} until  as `now` */
function goOn(until) {
  while (now < until) {
    const next = due.reduce((first, one) => (one.at < first.at ? one : first));
    due = due.filter((one) => one !== next);
    now = Math.max(now, next.at);
    next.call();
  }
}

beforeEach(() => {
  [now, due] = [0, []];
  const requestAnimationFrame = (/** @type {() => void} */ call) => due.push({ at: (Math.floor(now / 16) + 1) * 16, call });
  const setTimeout = (/** @type {() => void} */ call, ms = 0) => due.push({ at: now + ms, call });
  Object.assign(globalThis, { requestAnimationFrame, setTimeout, clearTimeout: () => {}, performance: { now: () => now } });
});
afterEach(() => Object.assign(globalThis, { performance: clock }));

test("after each frame the page is left alone for twice the time that it took, and never for much longer than a second", () => {
  /** When a frame began and ended. @type {number[][]} */
  const frames = [];
  const ending = new AbortController();
  for (const tookMs of [1, 40, 4000]) {
    const run = /** @type {any} */ ({ view: { update() {}, unreadMs: () => null, live: {} } });
    eachFrame(run, ending.signal, () => frames.push([now, (now += tookMs)]));
    goOn(now + 1000 + 4 * tookMs);
    due = [];
    const rest = Math.min(2 * tookMs, 1000);
    const rests = frames.slice(1).map(([begin], i) => begin - frames[i][1]);
    assert.ok(rests.length > 1 && rests.every((one) => one >= rest && one <= rest + 32), `${frames}`);
    assert.equal(frames.length > 50, tookMs === 1, "a light one comes with each of the screen's");
    frames.length = 0;
  }
});

test("a part that follows another is first drawn at one age, however long the frames before it took", () => {
  for (const tookMs of [1, 10, 50]) {
    const ending = new AbortController();
    /** Where parts begin, and the one that was read last. */
    const begins = [500, 903, 1310, 1350, 1777];
    let read = 0;
    /** How old each was when its first frame began. @type {number[]} */
    const ages = [];
    const begun = () => begins.filter((at) => at <= now).length;
    const view = { update() {}, unreadMs: () => (begun() > read ? now - begins[begun() - 1] : null), live: {} };
    const first = now;
    begins.forEach((at, i) => (begins[i] = at + first));
    eachFrame(/** @type {any} */ ({ view }), ending.signal, () => {
      if (begun() > read) ages[begun() - 1] = now - begins[begun() - 1];
      read = begun();
      now += tookMs;
    });
    goOn(first + 2500);
    ending.abort();
    due = [];
    assert.equal(ages[2], undefined, "one that is over before is not drawn, and the next one counts from its own beginning");
    for (const i of [0, 1, 3, 4]) assert.ok(ages[i] >= 60 && ages[i] <= 60 + 2 * 16, `${ages} after frames of ${tookMs} ms`);
  }
});

/** A run of two workers, whose states 0 and 1 are "at work" and "done". @param {{at: number[], state: number[]}[]} lanes */
function running(lanes, master = null) {
  const phase = { lanes, nowMs: 0, endMs: /** @type {number | null} */ (null), dropped: 0 };
  const view = Object.assign(Object.create(BoardView.prototype), {
    serial: 1, origin: 0, gone: -1, ended: new Set([1]), master: master && { readHeartbeats() {} }, live: { phase: 0, phases: [phase], workers: 0 },
    header: () => 1, readRows() {}, drain: () => true,
  });
  return { view, phase };
}

test("a part is over once all its threads are, and no time until the next one is its own", () => {
  Object.assign(globalThis, { performance: { now: () => now, timeOrigin: Date.now() } });
  const lanes = [{ at: [0, 70], state: [0, 1] }, { at: [0], state: [0] }];
  const { view, phase } = running(lanes);
  view.origin = performance.timeOrigin;
  now = 80;
  view.update();
  assert.deepEqual([phase.nowMs, phase.endMs], [80, null]);
  lanes[1].at.push(75);
  lanes[1].state.push(1);
  for (now of [90, 500]) {
    view.update();
    assert.deepEqual([phase.nowMs, phase.endMs], [75, 75]);
  }
  const mastered = running(lanes, /** @type {any} */ ({}));
  mastered.view.update();
  assert.equal(mastered.phase.endMs, null, "it lasts as long as its master");
});

test("what is over is drawn to its end, and then no more", () => {
  let drawn = 0;
  const phase = { lanes: [], nowMs: 50, endMs: /** @type {number | null} */ (null) };
  const painter = Object.assign(Object.create(LanePainter.prototype), { picture: { lanes: 0 }, drawnMs: null, bands: () => drawn++ });
  const draw = () => [1, 2, 3].forEach(() => painter.drawNew(phase, 50));
  draw();
  assert.equal(drawn, 3);
  phase.endMs = 50;
  draw();
  assert.equal(drawn, 4);
  // An event that was written before the end, and read after it.
  phase.endMs = 51;
  draw();
  assert.equal(drawn, 5);
});
