/** The memory that threads share, and how many of them a small machine has room for. */
import { LabError } from "./errors.js";

/** @typedef {{threads: number, gib: number}} Room  how many threads fit into a machine with this much memory */

const PAGE = 65536;
const MIB = 1024 * 1024;

/** For the module itself, the owner's and two coordinators' stacks, and the heap, whatever the number of threads. */
const BASE_BYTES = 13 * MIB;
/** A thread's part of the shared memory: its stack (2 pages), its thread-locals, its events. */
const THREAD_BYTES = 4 * PAGE;

/** A worker's own heap and stack in the browser, in MiB. */
const WORKER_MIB = 4;
/** A figure's share of a machine's memory at most: beyond it, a phone ends the page instead of refusing. */
const MAX_SHARE = 1 / 8;
/** The figures' default, which every machine is asked for. */
const DEFAULT_THREADS = 20;
/** What settings allow at most. */
const MAX_THREADS = 128;

/**
 * The room for threads on a machine that is too small for all that settings allow; null on any other, and if the browser does not tell how much
 * memory there is. (Some do, to the next power of two; the others refuse a memory that is too large.)
 * @param {number | undefined} [gib]  memory of the machine
 * @returns {Room | null}
 */
export function roomOf(gib = /** @type {{deviceMemory?: number}} */ (navigator).deviceMemory) {
  const threads = gib ? Math.max(DEFAULT_THREADS, Math.floor((gib * 1024 * MAX_SHARE) / WORKER_MIB)) : MAX_THREADS;
  return gib && threads < MAX_THREADS ? { threads, gib } : null;
}

/** @param {number} threads @throws {LabError} `no-memory` */
export function makeMemory(threads) {
  const room = roomOf();
  // An experiment may want one thread beside its workers.
  if (room && threads > room.threads + 1) throw new LabError("no-memory", { threads, most: room.threads, gib: room.gib });
  const pages = Math.ceil((BASE_BYTES + threads * THREAD_BYTES) / PAGE);
  try {
    // Full size from the start: Safari 26.2 breaks a shared memory that grows, and phones refuse a large maximum.
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw new LabError("no-memory", { mib: Math.round((pages * PAGE) / MIB), threads, said: String(error) });
  }
}
