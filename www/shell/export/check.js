/** Whether a text is a report that a figure can draw, and if not, what is wrong with it. Reads only: nothing in it is taken for more than text. */

/** @typedef {{code: string, detail: any}} Wrong */
/** @typedef {{kind: "number", least: number, most: number} | {kind: "string", most: number} | {kind: "boolean"} | {kind: "choice", of: string[]}} Leaf */
/** @typedef {{kind: "list", of: Shape, most: number}} ListShape */
/** @typedef {{kind: "object", must: Record<string, Shape>, may: Record<string, Shape>}} ObjectShape */
/** @typedef {Leaf | ListShape | ObjectShape} Shape */

export const SCHEMA = "locklab-report/1";
/** No report that the page makes is longer. */
const MOST_CHARACTERS = 4_000_000;

/** @param {number} [least] @param {number} [most] @returns {Shape} */
const number = (least = 0, most = 1e15) => ({ kind: "number", least, most });
/** @param {number} most @returns {Shape} */
const string = (most) => ({ kind: "string", most });
/** @param {string[]} of @returns {Shape} */
const choice = (...of) => ({ kind: "choice", of });
/** @param {Shape} of @param {number} most @returns {Shape} */
const list = (of, most) => ({ kind: "list", of, most });
/** @param {Record<string, Shape>} must @param {Record<string, Shape>} [may] @returns {ObjectShape} */
const object = (must, may = {}) => ({ kind: "object", must, may });

const name = string(80);
const ms = number();
const worker = object({ name }, { startMs: ms, endMs: ms, outcome: name });
const rounds = list(object({ workers: list(worker, 1024) }, { startMs: ms, endMs: ms, lastDoneMs: ms, knownMs: ms }), 1000);
const noticing = object({ mode: choice("poll", "told"), delaysMs: list(ms, 1000) });

/** What a figure draws of its report. @type {Record<string, ObjectShape>} */
const FIGURES = {
  "lock-cost": object({ runs: list(object({ busy: choice("io", "cpu"), lock: { kind: "boolean" } }, { wallMs: ms, idealMs: ms, increments: number() }), 4) }),
  "price-list": object({
    prices: list(object({ counter: name, side: choice("wasm", "js", "native") }, { nsPerOp: number(-1e3, 1e12), lowNs: number(-1e3, 1e12), highNs: number(-1e3, 1e12), samples: number(), lost: number() }), 64),
  }),
  contention: object({
    points: list(object({ counter: name, threads: number(1, 1024) }, {
      opsPerSecond: number(), fairness: number(0, 1), waitNs: object({}, { p50: ms, p90: ms, p99: ms, max: ms }), lost: number(), gaveUpAfterMs: ms,
    }), 2048),
  }),
  "master-worker": object({}, { rounds, noticing }),
  "master-exit": object({}, { rounds, noticing, master: object({}, { diedAtMs: ms, adoptedAtMs: ms, survivors: number(), finished: number(), lost: number() }) }),
};

const COMMON = object(
  { outcome: choice("done", "stopped", "failed"), config: object({}), environment: object({ engine: name }, { cores: number(0, 100_000), build: string(200), clockStepMs: ms }) },
  { startedAt: string(40) },
);

/** @param {string} text @param {string} figure  that would draw it @returns {{report: any} | {wrong: Wrong}} */
export function readReport(text, figure) {
  if (text.length > MOST_CHARACTERS) return refuse("too-large", { bytes: text.length, most: MOST_CHARACTERS });
  let report;
  try {
    report = JSON.parse(text);
  } catch (error) {
    return refuse("not-json", { said: error instanceof Error ? error.message.slice(0, 120) : "" });
  }
  if (!isObject(report) || typeof report.schema !== "string" || !report.schema.startsWith("locklab-report/")) return refuse("not-report", {});
  if (report.schema !== SCHEMA) return refuse("other-schema", { got: short(report.schema) });
  if (report.figure !== figure) return refuse("other-figure", { got: short(report.figure), wanted: figure });
  const wrong = misfit(report, COMMON, "") ?? misfit(report, FIGURES[figure] ?? object({}), "");
  return wrong ? { wrong } : { report };
}

/** @param {string} code @param {any} detail */
const refuse = (code, detail) => ({ wrong: { code, detail } });

/** @param {unknown} value @returns {value is Record<string, any>} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** A value as it can be shown to who wrote it. @param {unknown} value */
const short = (value) => (typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing")).slice(0, 40);

/** What does not fit, the first of it. @param {any} value @param {Shape} shape @param {string} path @returns {Wrong | null} */
function misfit(value, shape, path) {
  const wrong = (/** @type {string} */ wanted) => ({ code: "wrong-kind", detail: { path, wanted, got: short(value) } });
  switch (shape.kind) {
    case "number":
      if (typeof value !== "number") return wrong("number");
      return value >= shape.least && value <= shape.most ? null : { code: "out-of-range", detail: { path, got: short(value), least: shape.least, most: shape.most } };
    case "string":
      return typeof value === "string" && value.length <= shape.most ? null : wrong("string");
    case "boolean":
      return typeof value === "boolean" ? null : wrong("boolean");
    case "choice":
      return shape.of.includes(value) ? null : { code: "not-allowed", detail: { path, got: short(value), allowed: shape.of } };
    case "list":
      if (!Array.isArray(value)) return wrong("list");
      if (value.length > shape.most) return { code: "too-many", detail: { path, got: value.length, most: shape.most } };
      return first(value.keys(), (i) => misfit(value[i], shape.of, `${path}[${i}]`));
    case "object": {
      if (!isObject(value)) return wrong("object");
      const inner = (/** @type {string} */ key) => (path ? `${path}.${key}` : key);
      return first(Object.keys(shape.must), (key) => misfit(value[key], shape.must[key], inner(key)))
        ?? first(Object.keys(shape.may), (key) => (value[key] === undefined || value[key] === null ? null : misfit(value[key], shape.may[key], inner(key))));
    }
  }
}

/** @template T @param {Iterable<T>} all @param {(one: T) => Wrong | null} find @returns {Wrong | null} */
function first(all, find) {
  for (const one of all) {
    const found = find(one);
    if (found) return found;
  }
  return null;
}
