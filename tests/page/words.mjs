/** What a figure says of a failure, in each language: of the same detail the same. */
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
}
