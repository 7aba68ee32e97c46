/**
 * When a master has ended itself in mid-run: proves that it is dead, hires its successor at once, so that it is warm, and lets that one go on with the
 * run when its time has come. Knows a heart that beats and one that stands still, not what the two masters do.
 */
import { LabError } from "./errors.js";
import { heard } from "./group.js";

/** @typedef {import("./engine.js").Run} Run */
/** @typedef {import("./group.js").Answer} Answer */

/**
 * A living master's heart beats at least as often as this, in ms. It has said that it ends: when its heart has stood still for one and a half beats
 * after that, it has ended, and within two beats of its end the page knows.
 */
const BEAT_MS = 50;
const STILL_MS = 1.5 * BEAT_MS;
/** How often the page looks, in ms. */
const LOOK_MS = 5;
/** How long a master that said it would end may go on beating until it is ended by force, in ms; and as long again until the run is given up. */
const LINGER_MS = 3000;

/**
 * From one master to the next.
 * @param {Run} run
 * @param {{adoptAfterMs: number}} exit
 * @returns {Promise<Answer>} the successor's
 */
export async function succession(run, { adoptAfterMs }) {
  const exitedAt = performance.now();
  const { group, view, request } = run;
  if (!group || !view) throw new LabError("engine-lost", { said: "a run without threads" });
  const old = group.master;
  const beats = view.masterBeats();
  let answered = false;
  heard(old, "pong").then(() => (answered = true));
  old.postMessage({ type: "ping" });
  const ready = group.succeed();
  await stillness(() => view.masterBeats(), { beats, since: exitedAt }, old);
  const deathSeenMs = performance.now() - exitedAt;
  await Promise.race([pause(exitedAt + adoptAfterMs - performance.now()), run.stopPressed]);
  await ready;
  const resumedAt = performance.now();
  const answer = await group.resume(request.experiment, { deathSeenMs, answered }, request.environment);
  // What `cargo xtask bench` reads: from the message that made it master to its first look at its workers.
  const firstPoll = view.firstMasterEvent(["poll", "poll-all"], resumedAt);
  if (firstPoll !== undefined) performance.measure("lock-lab adoption", { start: resumedAt, end: firstPoll });
  return answer;
}

/**
 * Waits until a heart has stood still for long enough.
 * @param {() => number} beats
 * @param {{beats: number, since: number}} seen  what it had beaten, and when that was
 * @param {Worker} old  whose heart it is
 */
async function stillness(beats, seen, old) {
  let last = seen.beats;
  let since = seen.since;
  const began = since;
  let forced = false;
  for (;;) {
    await pause(Math.min(LOOK_MS, since + STILL_MS - performance.now()));
    const now = performance.now();
    if (beats() !== last) {
      last = beats();
      since = now;
    } else if (now - since >= STILL_MS) return;
    if (now - began > 2 * LINGER_MS) throw new LabError("master-lives", { seconds: (2 * LINGER_MS) / 1000 });
    if (!forced && now - began > LINGER_MS) {
      forced = true;
      old.terminate();
    }
  }
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
