/** A run on a thread that shares its memory with nobody: what `BoardView` reads from shared memory comes here in copies, and stops by another way. */
import { liveOf } from "./board.js";

/** @typedef {import("./board.js").Live} Live */

export class CopiedView {
  /** Holds as long as the run may go on: a blocked worker hears no message, but it can ask for a file, and this one is taken away for a stop. */
  goOn = URL.createObjectURL(new Blob(["go on"]));

  /** @param {Worker} worker @param {import("./board.js").Layout} layout @param {AbortSignal} signal  the worker's end @param {() => void} end  makes it end */
  constructor(worker, layout, signal, end) {
    this.live = liveOf(1, layout);
    this.closed = new AbortController();
    const ended = AbortSignal.any([signal, this.closed.signal]);
    worker.addEventListener("message", ({ data }) => {
      if (data.type !== "live") return;
      this.#copies++;
      Object.assign(this.live, data.live);
    }, { signal: ended });
    ended.addEventListener("abort", () => URL.revokeObjectURL(this.goOn));
    this.#deaf = new Promise((resolve) => worker.addEventListener("message", ({ data }) => data.type === "deaf" && resolve(null), { signal: ended }));
    this.#end = end;
  }

  #copies = 0;
  /** Resolves where the page's policy lets the worker ask for nothing of the kind: nothing but its end stops it then. */
  #deaf;
  #end;

  signs() {
    return String(this.#copies);
  }

  update() {}

  /** There is one thread, which tells of itself when it has time. */
  unreadMs() {
    return null;
  }

  clearStop() {}

  requestStop() {
    URL.revokeObjectURL(this.goOn);
    void this.#deaf.then(this.#end);
  }

  requestKill() {}

  permitStep() {}

  /** The last copy came before the answer. */
  async close() {
    this.closed.abort();
    return this.live;
  }
}
