/** Threads that are got ready for a run, and are not wanted any more before they are. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** Every worker that was started and has not been ended: none of them ever speaks. @type {Set<Worker>} */
const alive = new Set();

// What a page has at hand, as far as it is wanted here.
class Worker extends EventTarget {
  constructor() {
    super();
    alive.add(this);
  }

  postMessage() {}

  terminate() {
    alive.delete(this);
  }
}
const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
Object.assign(globalThis, {
  LAB_ASSETS: { owner: "owner", coordinator: "coordinator", modules: { "lock-cost": "module" } }, document: new EventTarget(), window: new EventTarget(), Worker,
  fetch: async () => new Response(empty, { headers: { "content-type": "application/wasm" } }),
});
if (!globalThis.navigator) Object.assign(globalThis, { navigator: {} });
const { Engine } = await import("../../www/engine/engine.js");

test("threads that are not wanted any more before they are ready end no others", async () => {
  const engine = new Engine();
  const page = new AbortController();
  engine.attend(page.signal);
  const first = engine.warm("lock-cost", 128, "page");
  const [before] = alive;
  void engine.warm("lock-cost", 4, "page");
  // At once: else it would be by its time limit, half a minute later.
  await first;
  assert.ok(!alive.has(before), "the first are gone");
  assert.equal(alive.size, 2, "the second wait");
  page.abort();
});
