/**
 * Mutated reports against the page's own code that reads a pasted one, as it stands: no exception, and what is taken is a report.
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
