/** The memory that threads share, and how many of them a small machine has room for. Starts none. */
import { LabError } from "./errors.js";

/** @typedef {{threads: number, gib: number}} Room  so many threads fit into a machine that has so much memory */

const PAGE = 65536;
const MIB = 1024 * 1024;

/** What the module itself, the owner's and two masters' stacks and the heap need, whatever the number of threads. */
const BASE_BYTES = 13 * MIB;
/** What a thread needs of the shared memory: its stack (2 pages), its thread-locals, its events. */
const THREAD_BYTES = 4 * PAGE;

/** What a browser spends on a worker besides, in MiB: its own heap and stack. */
const WORKER_MIB = 4;
/** A figure's part of a machine's memory at most: more, and a phone ends the page instead of saying no. */
const SHARE = 1 / 8;
/** The figures' own number of threads, which every machine is asked for. */
const LEAST = 20;
/** As many as any figure has. */
const MOST = 128;

/**
 * The room for threads on a machine that is too small for all that settings allow; null on any other, and where the browser tells nothing: some tell
 * how much memory there is, to the next power of two, and the others refuse a memory that is too large.
 * @param {number | undefined} [gib]  memory of the machine
 * @returns {Room | null}
 */
export function roomOf(gib = /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory) {
  const threads = gib ? Math.max(LEAST, Math.floor((gib * 1024 * SHARE) / WORKER_MIB)) : MOST;
  return gib && threads < MOST ? { threads, gib } : null;
}

/** @param {number} threads @throws {LabError} `no-memory` */
export function makeMemory(threads) {
  const room = roomOf();
  // One more than the settings say may be wanted beside the workers.
  if (room && threads > room.threads + 1) throw new LabError("no-memory", { threads, most: room.threads, gib: room.gib });
  const pages = Math.ceil((BASE_BYTES + threads * THREAD_BYTES) / PAGE);
  try {
    // Full size from the start: Safari 26.2 breaks a shared memory that grows, phones refuse a large maximum.
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw new LabError("no-memory", { mib: Math.round((pages * PAGE) / MIB), threads, said: String(error) });
  }
}
