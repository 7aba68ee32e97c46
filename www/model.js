/** The one state of an element: what its figure is, how it is set, what came of it. It is changed by `set` and shown by those who subscribed; nobody keeps a copy. */

/** What an element can be in. */
export const STATES = /** @type {const} */ (["loading", "ready", "running", "done", "stopped", "failed", "unsupported"]);

/** @typedef {typeof STATES[number]} State */
/** @typedef {import("./settings.js").Config} Config */
/** @typedef {import("./engine/board.js").Live} Live */
/** @typedef {{code: string, message: string, detail?: Record<string, unknown>}} LabFailure */
/** @typedef {{config: Config, threads: number, queued: boolean, loaded: boolean, stopping: boolean, live: Live | null}} Running  `loaded`: whether the program is there; `live`: what its threads write, once they are there */

/** @typedef {(patch: Partial<Model>) => void} Render */

export class Model {
  figure = "";
  /** The settings in force; it lacks what is wrong. @type {Config} */
  config = {};
  /** What `lang` asks for. @type {string | undefined} */
  language = undefined;
  /** Where the report lies that the author shows in place of ours; empty: nowhere. */
  src = "";
  /** What of the figure its author shows. @type {import("./settings.js").View} */
  view = { details: false, show: "" };
  /** Attributes that can't be taken. @type {import("./settings.js").Wrong[]} */
  wrong = [];
  /** Attributes that are none of ours, but nearly one. @type {{attribute: string, meant: string}[]} */
  misspelt = [];
  /** @type {State} */
  state = "loading";
  /** @type {LabFailure | null} */
  error = null;
  /** The state to be in while nothing runs and nothing is wrong. @type {State} */
  rest = "loading";
  /** Why nothing can be run, until a run is tried again. @type {LabFailure | null} */
  lasting = null;
  /** Why there is no report of the last run, where that is no failure. @type {LabFailure | null} */
  note = null;
  /** Where the page stands; undefined while it may still become isolated. @type {import("./reach/isolation.js").Reach | undefined} */
  reach = undefined;
  /** The run that goes on. @type {Running | null} */
  running = null;
  /** The last run's report, and what its threads left. @type {any} */
  report = null;
  /** @type {Live | null} */
  live = null;
  /** Reports of finished runs with the settings of now, the oldest first. @type {any[]} */
  series = [];
  /** Somebody else's run, shown until there is an own one; and why it is not the author's, where that was refused. @type {{report: any, live: Live | null, refused?: LabFailure | null} | null} */
  recorded = null;
  /** A report laid beside what is shown. @type {any} */
  other = null;

  /** @type {Set<Render>} */
  #renders = new Set();

  /** Changes what the patch names, and tells those who subscribed, in the order in which they did. @param {Partial<Model>} patch */
  set(patch) {
    Object.assign(this, patch);
    for (const render of this.#renders) render(patch);
  }

  /** @param {Render} render  gets each patch when it is in force @param {AbortSignal} [signal]  ends it */
  subscribe(render, signal) {
    this.#renders.add(render);
    signal?.addEventListener("abort", () => this.#renders.delete(render));
  }

  /** @param {LabFailure} failure */
  fail(failure) {
    this.set({ error: failure, state: stateAfter(failure) });
  }

  /** Back to where the figure was, when nothing is wrong any more with its attributes. */
  recover() {
    if (this.running) this.set({ error: null });
    else if (this.lasting) this.fail(this.lasting);
    else this.set({ error: null, state: this.rest });
  }
}

/** @param {LabFailure} failure @returns {State} */
export const stateAfter = ({ code }) => (code === "no-shared-memory" ? "unsupported" : "failed");

/** What `run()` and `stop()` reject with. @param {LabFailure} failure */
export const asError = ({ code, message }) => Object.assign(new Error(message), { code });
