/**
 * Reports against the page's own code that reads a pasted one, as it stands. Whatever Rust's types can hold is taken, as a run on a busy machine may well
 * look odd; of mutated ones no exception, and what is taken is a report.
 * Run by `cargo xtask test` and, at full length, `cargo xtask fuzz`; by hand: `node tests/fuzz/reports.mjs [SEED] [COUNT]`.
 */
import assert from "node:assert/strict";
import fs from "node:fs";
import { manifests } from "../../xtask/figures.mjs";
import { readReport } from "../../www/shell/export/check.js";
import { often } from "./chance.mjs";

const seed = Number(process.argv[2] ?? 1);
const count = Number(process.argv[3] ?? 10000);

/** Reports of every figure, as they are kept for readers without threads. */
const recorded = Object.keys(manifests).map((name) => JSON.parse(fs.readFileSync(new URL(`../../www/figures/${name}/recording.json`, import.meta.url), "utf8")).report);
// And what the same code said without a browser: a reader may well lay that beside the own.
for (const name of fs.readdirSync(new URL("../../data/machines/", import.meta.url))) recorded.push(...JSON.parse(fs.readFileSync(new URL(`../../data/machines/${name}`, import.meta.url), "utf8")));
/** What the other figures' reports are made of. */
const common = { schema: "locklab-report/1", outcome: "done", startedAt: "2026-11-24T12:00:00.000Z", config: { counter: "std-mutex" }, environment: { engine: "Chromium 156", cores: 2, clockStepMs: 0.005 } };
recorded.push(
  { ...common, figure: "price-list", prices: [{ counter: "std-mutex", side: "wasm", threads: 1, nsPerOp: 5.8, lowNs: 5.6, highNs: 6.1, samples: 60, operations: 12000000, lost: 0 }] },
  { ...common, figure: "contention", points: [{ counter: "std-mutex", threads: 8, holdNs: 0, opsPerSecond: 3.1e7, fairness: 0.97, waitNs: { p50: 9, p90: 60, p99: 900, max: 41000 }, lost: 0 }] },
);
/** As the figure of that name reads it. @param {string} text @param {string} figure */
const read = (text, figure) => readReport(text, figure, manifests[figure].shape);
for (const report of recorded) assert.ok("report" in read(JSON.stringify(report), report.figure), `${report.figure} is taken as it is`);
let taken = 0;
often("mutated reports", seed, count, (chance, keep) => {
  const report = chance.pick(recorded);
  const mutated = chance.mutated(report);
  let text = JSON.stringify(mutated, (_, value) => (typeof value === "bigint" ? String(value) : value)) ?? "";
  if (chance.one(4)) text = chance.bent(text);
  keep(text.slice(0, 2000));
  const found = read(text, chance.one(20) ? chance.pick(recorded).figure : report.figure);
  if ("report" in found) {
    taken += 1;
    assert.equal(found.report.schema, "locklab-report/1");
    assert.ok(Object.hasOwn(found.report, "figure"));
  } else {
    assert.equal(typeof found.wrong.code, "string");
    assert.ok(JSON.stringify(found.wrong).length < 2000, "what is shown of a wrong report is short");
  }
});
assert.ok(taken > count / 50 && taken < count, `${taken} mutated reports were taken: this shows little`);

const schema = JSON.parse(fs.readFileSync(new URL("../../docs/report.schema.json", import.meta.url), "utf8"));
/** What the schema has no words for: texts of which there are a few only, and limits. @type {Record<string, (chance: import("./chance.mjs").Chance) => unknown>} */
const KNOWN = {
  side: (chance) => chance.pick(["wasm", "js", "native"]),
  mode: (chance) => chance.pick(["poll", "told"]),
  cores: (chance) => 1 + chance.below(1024),
  threads: (chance) => 1 + chance.below(128),
  lock: (chance) => chance.pick([0, 1, 2]),
  fairness: (chance) => chance.below(10001) / 10000,
  config: () => ({ counter: "std-mutex" }),
  schema: () => "locklab-report/1",
};
/** The longest lists that Rust makes; others are short. @type {Record<string, number>} */
const LONGEST = { runs: 4, steps: 64, points: 256, warnings: 258, workers: 128, windows: 10, delaysMs: 1000, log: 20_000, rounds: 1000, byFinalValue: 7 };
/** All other numbers are at least nothing. */
const SIGNED = /^(nsPerOp|lowNs|highNs|difference[MN]s|lost)$/;

/** Something of this type. @param {import("./chance.mjs").Chance} chance @param {any} type @param {string} [name] @returns {unknown} */
function made(chance, type, name = "") {
  if (name in KNOWN && type.type !== "boolean") return KNOWN[name](chance);
  if (type.$ref) return made(chance, schema.$defs[type.$ref.split("/").at(-1)]);
  const choices = type.oneOf ?? type.anyOf ?? (Array.isArray(type.type) && type.type.map((/** @type {string} */ one) => ({ ...type, type: one })));
  if (choices) return made(chance, chance.pick(choices), name);
  if ("const" in type) return type.const;
  switch (type.type) {
    case "null": return null;
    case "boolean": return chance.one(2);
    case "string": return chance.pick(["std-mutex", "worker-127", "Thread-999-127", "2026-11-27T13:00:00.000Z"]);
    case "integer":
    case "number": {
      const value = chance.pick([0, 1, 7, 128, chance.below(2 ** 31), 1e12]) + (type.type === "number" ? chance.pick([0, 1e-4, 0.5]) : 0);
      return SIGNED.test(name) && type.minimum === undefined && chance.one(2) ? -value : value;
    }
    case "array": return Array.from({ length: chance.one(40) ? (LONGEST[name] ?? 3) : chance.below(4) }, () => made(chance, type.items));
    default: {
      const keys = Object.keys(type.properties).filter((key) => type.required?.includes(key) || !chance.one(4));
      return Object.fromEntries(keys.map((key) => [key, made(chance, type.properties[key], key)]));
    }
  }
}

often("reports by the schema", seed, Math.ceil(count / 20), (chance, keep) => {
  const figure = chance.pick(Object.keys(manifests));
  const report = { runs: [], .../** @type {object} */ (made(chance, schema)), figure };
  const found = read(JSON.stringify(report, null, 2), figure);
  keep(JSON.stringify("wrong" in found && found.wrong));
  assert.ok("report" in found, `a ${figure} report is taken, whatever a run has come to`);
});
/** As many jobs as settings allow, each row as long as they get. */
const job = { name: "Thread-999-127", startMs: 120000.1234, endMs: 120000.1234, outcome: "stopped", worker: "worker-127", attempts: 1, fate: "lost-with-worker" };
const rounds = Array.from({ length: 1000 }, () => ({ startMs: 120000.1234, endMs: 120000.1234, lastDoneMs: 120000.1234, knownMs: 120000.1234, workers: Array.from({ length: 128 }, () => job) }));
const log = Array.from({ length: 20_000 }, () => ({ atMs: 120000.1234, line: "x".repeat(60) }));
const longest = { ...common, figure: "master-worker", log, text: log.map(({ line }) => line).join("\n"), rounds };
assert.ok("report" in read(JSON.stringify(longest, null, 2), "master-worker"), "the longest run, as it is saved, is taken");
