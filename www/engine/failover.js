/**
 * From one master to the next: the master under study has said that it ends during the run. Proves its death by its heartbeats, starts a successor
 * at once, so that it is warm, and lets it go on with the run when its time has come.
 */
import { abortable } from "./abortable.js";
import { LabError } from "./errors.js";
import { nextMessage } from "./group.js";

/** @typedef {import("./board.js").BoardView} BoardView */
/** @typedef {import("./group.js").Answer} Answer */
/** @typedef {import("./group.js").Group} Group */
/** @typedef {{deathSeenMs: number, answered: boolean}} DeathObservation  how long after its exit a master was sure to be dead, and whether it answered all the same */

/**
 * A living master beats at least this often, in ms. Once it has announced its end, one and a half intervals without a beat prove it, so that the
 * page knows within two intervals.
 */
const HEARTBEAT_MS = 50;
const SILENCE_MS = 1.5 * HEARTBEAT_MS;
const POLL_MS = 5;
/** How long an announced end may take until it is forced, in ms; and as long again until the run fails. */
const LINGER_MS = 3000;

/**
 * @param {{group: Group, view: BoardView, adoptAfterMs: number, stop: AbortSignal}} run  a stop ends the time without a master
 * @param {(observation: DeathObservation) => Promise<Answer>} resume
 * @returns {Promise<Answer>} the successor's
 */
export async function failover({ group, view, adoptAfterMs, stop }, resume) {
  const exitedAt = performance.now();
  const beats = view.masterBeats();
  const old = group.coordinator;
  let answered = false;
  void nextMessage(old, "pong", group.signal).then(() => (answered = true), () => {});
  old.postMessage({ type: "ping" });
  const ready = group.replaceCoordinator();
  // Awaited below, after what takes longer.
  ready.catch(() => {});
  await silence(view, beats, old, group.signal);
  const deathSeenMs = performance.now() - exitedAt;
  await abortable(pause(exitedAt + adoptAfterMs - performance.now()), stop).catch(() => {});
  await ready;
  const resumedAt = performance.now();
  const answer = await resume({ deathSeenMs, answered });
  // What `cargo xtask bench` reads: from the message that made it master to its first look at its workers.
  const firstPoll = view.firstMasterEvent(["poll", "poll-all"], resumedAt);
  if (firstPoll !== undefined) performance.measure("lock-lab adoption", { start: resumedAt, end: firstPoll });
  return answer;
}

/**
 * Waits until a master has missed its heartbeats for long enough.
 * @param {BoardView} view @param {number} beats  how many there were when it ended @param {Worker} worker  in which it runs @param {AbortSignal} signal
 */
async function silence(view, beats, worker, signal) {
  const began = performance.now();
  let since = began;
  let forced = false;
  for (;;) {
    await abortable(pause(Math.min(POLL_MS, since + SILENCE_MS - performance.now())), signal);
    const now = performance.now();
    const seen = view.masterBeats();
    if (seen === beats && now - since >= SILENCE_MS) return;
    if (seen !== beats) [beats, since] = [seen, now];
    if (now - began > 2 * LINGER_MS) throw new LabError("master-lives", { seconds: (2 * LINGER_MS) / 1000 });
    if (!forced && now - began > LINGER_MS) {
      forced = true;
      worker.terminate();
    }
  }
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
