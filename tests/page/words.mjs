/** What figures say in each language: of the same detail the same, and nothing that is not so. */
import assert from "node:assert/strict";
import { test } from "node:test";

/** Failures that a page's policy causes. */
const FORBIDDEN = [
  ["wasm-load", { reason: "forbidden", directive: "connect-src" }],
  ["wasm-load", { reason: "forbidden", directive: "trusted-types" }],
  ["worker-start", { role: "pool", directive: "worker-src" }],
];

for (const language of ["en", "zh"]) {
  test(`what a policy forbids is named with its directive (${language})`, async () => {
    const { default: words } = await import(`../../www/text/${language}/words.js`);
    for (const [code, detail] of FORBIDDEN) {
      const { what, why, todo } = words.errors[code](detail);
      const said = [what, why, todo].join(" ");
      assert.ok(said.includes("Content-Security-Policy") && said.includes(detail.directive), said);
      assert.ok(!said.includes("undefined"), said);
    }
  });

  test(`a lock that knows its holder is not said to know nobody, though nobody recovers it (${language})`, async () => {
    const { default: own } = await import(`../../www/figures/master-exit/${language}.js`);
    const said = (/** @type {string} */ lock) => own.holder({ lock, holder: "worker-0", diedAtMs: 100, waiting: 0, increments: 1, finalValue: 2, blockedMs: 200 }).join(" ");
    const knowsNobody = { en: "does not know", zh: "不知道持有者" }[language] ?? "";
    assert.ok(said("plain").includes(knowsNobody) && !said("robust").includes(knowsNobody), said("robust"));
  });
}
