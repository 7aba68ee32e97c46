/**
 * The page's readers of shared memory, as they run in the page, against writers that write as Rust does (src/runtime/trace.rs and live.rs): step by step, and
 * against one at full speed in a thread of its own. `cargo xtask test` runs it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Worker, isMainThread, workerData } from "node:worker_threads";

import { RowsView } from "../../www/engine/board-rows.js";
import { RingReader } from "../../www/engine/trace.js";

const LAYOUT = { lapShift: 52, lapBits: 12, valueShift: 44, valueBits: 8, kindShift: 40, kindBits: 4, tickBits: 40 };
const LAPS = 2 ** LAYOUT.lapBits - 1;
const COLUMNS = 12;
const ROWS = { stride: 104, version: 0, values: 8, tables: [{ name: "prices", columns: Array.from({ length: COLUMNS }, (_, i) => `c${i}`) }], counters: [] };

/** `Writer` of trace.rs: an event's ticks are its number. */
class RingWriter {
  position = 0;

  /** @param {SharedArrayBuffer} buffer @param {number} address @param {number} capacity */
  constructor(buffer, address, capacity) {
    this.words = new BigUint64Array(buffer, address, capacity);
  }

  push() {
    const { length } = this.words;
    const lap = (Math.floor(this.position / length) % LAPS) + 1;
    Atomics.store(this.words, this.position % length, (BigInt(lap) << BigInt(LAYOUT.lapShift)) | (5n << BigInt(LAYOUT.kindShift)) | BigInt(this.position));
    this.position += 1;
  }
}

/** Where the rows lie. */
const ADDRESS = 8;

/** `Rows::write` of live.rs, all columns the same. @param {SharedArrayBuffer} buffer @param {number} value */
function writeRow(buffer, value) {
  const [words, values] = [new Int32Array(buffer), new BigInt64Array(buffer)];
  const [at, bits] = [ADDRESS, new BigInt64Array(new Float64Array([value]).buffer)[0]];
  Atomics.add(words, at >> 2, 1);
  for (let column = 0; column < COLUMNS; column++) Atomics.store(values, ((at + ROWS.values) >> 3) + column, bits);
  Atomics.add(words, at >> 2, 1);
}

if (!isMainThread) {
  const { buffer, events, rows } = workerData;
  const ring = events && new RingWriter(buffer, 8, events.capacity);
  for (let count = 0; count < (events?.count ?? 0); count++) ring.push();
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  for (let count = 1; count <= (rows ?? 0); count++) {
    writeRow(buffer, count);
    // A rest now and then, so that some are read in between.
    if (count % 10000 === 0) Atomics.wait(nobody, 0, 0, 1);
  }
  // What is behind the first 8 bytes is written: they say so.
  if (events) Atomics.store(new Int32Array(buffer), 0, 1);
} else {
  test("a ring that is overrun loses what was written over, and nothing else", () => {
    for (const [capacity, written] of [[8, 8], [8, 9], [8, 17], [16, 1000], [4096, 4097], [4096, 5000], [4096, 8008], [16, 16 * (LAPS - 2)]]) {
      const buffer = new SharedArrayBuffer(capacity * 8);
      const writer = new RingWriter(buffer, 0, capacity);
      while (writer.position < written) writer.push();
      const found = drain(new RingReader(new Uint32Array(buffer), LAYOUT, 1), 0, capacity);
      const lost = Math.max(0, written - capacity);
      assert.deepEqual([found.lost, found.read.length, found.read[0]], [lost, Math.min(written, capacity), lost], `${written} events in a ring of ${capacity}`);
      assert.ok(found.read.every((ticks, i) => ticks === lost + i), "in their order");
    }
  });

  test("a reader that comes now and then reads or counts every event, lap after lap", () => {
    const capacity = 16;
    const buffer = new SharedArrayBuffer(capacity * 8);
    const writer = new RingWriter(buffer, 0, capacity);
    const reader = new RingReader(new Uint32Array(buffer), LAYOUT, 1);
    let [accounted, last, seed] = [0, -1, 7];
    // Several times around all laps.
    while (writer.position < 3 * LAPS * capacity) {
      seed = (seed * 48271) % 2147483647;
      for (let more = seed % 40; more > 0; more--) writer.push();
      const { read, lost } = drain(reader, 0, capacity);
      for (const ticks of read) assert.ok(ticks > last && (last = ticks) >= 0);
      accounted += read.length + lost;
      assert.equal(accounted, writer.position);
    }
  });

  test("of ten million events written at full speed none is torn or goes silently", async () => {
    const [capacity, count] = [4096, 1e7];
    const buffer = new SharedArrayBuffer(8 + capacity * 8);
    const writer = work({ buffer, events: { capacity, count } });
    const reader = new RingReader(new Uint32Array(buffer), LAYOUT, 1);
    const flag = new Int32Array(buffer);
    let [last, read, lost, meanwhile] = [-1, 0, 0, 0];
    for (let isOver = false; !isOver; ) {
      isOver = Atomics.load(flag, 0) === 1;
      for (let event; (event = reader.read(8, capacity)); ) {
        lost += event.lost;
        read += 1;
        assert.equal(event.kind, 5);
        assert.equal(event.atMs, last + 1 + event.lost, "its number, by what was counted as lost");
        last = event.atMs;
        if (!isOver) meanwhile += 1;
      }
    }
    await writer;
    assert.equal(read + lost, count);
    assert.ok(meanwhile > 0, "some were read while others were written");
  });

  test("a row is read as one writing of it, or not at all", async () => {
    const buffer = new SharedArrayBuffer(ADDRESS + ROWS.stride * 2);
    const count = 1e6;
    const writer = work({ buffer, rows: count });
    const view = new RowsView(buffer, ROWS);
    /** @type {Record<string, any[]>} */
    const tables = {};
    let [seen, value] = [0, 0];
    while (value < count) {
      if (!view.read({ address: ADDRESS, used: 2, table: 0 }, tables)) continue;
      const [row] = tables.prices;
      value = row.c0;
      for (let column = 0; column < COLUMNS; column++) assert.equal(row[`c${column}`], value, "all of it of one writing");
      assert.equal(tables.prices[1], undefined, "nobody wrote it");
      seen += 1;
    }
    await writer;
    assert.ok(seen > 10, `${seen} writings were seen`);
  });
}

/** All that can be read now. @param {RingReader} reader @param {number} address @param {number} capacity */
function drain(reader, address, capacity) {
  const read = [];
  let lost = 0;
  for (let event; (event = reader.read(address, capacity)); lost += event.lost) read.push(event.atMs);
  return { read, lost };
}

/** @param {object} workerData @returns {Promise<unknown>} */
function work(workerData) {
  const worker = new Worker(fileURLToPath(import.meta.url), { workerData });
  return new Promise((resolve, reject) => worker.on("error", reject).on("exit", resolve));
}
