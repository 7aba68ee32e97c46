/** The log's rows, without a document: each of its lines once, and one row for those that are left out. `cargo xtask test` runs it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { MasterView } from "../../www/engine/board-master.js";
import { lineIn } from "../../www/views/log.js";

test("a log of more lines than it keeps shows each once, however many there are", () => {
  const view = new MasterView([{ name: "poll", line: "{n}" }], 1, 1);
  const { data } = view;
  let printed = 0;
  for (const wanted of [5, 20_000, 20_999, 21_000, 21_001, 21_500, 24_321]) {
    while (printed < wanted) view.note(0, 0, printed++);
    const rows = Array.from({ length: data.log.length + (data.logSkipped ? 1 : 0) }, (_, row) => lineIn(data.log, data.logSkipped, data.logHead, row)?.atMs);
    const shown = rows.filter((at) => at !== undefined);
    const head = Math.min(wanted, data.logHead);
    const all = Array.from({ length: wanted }, (_, at) => at);
    const kept = data.logSkipped ? [...all.slice(0, head), ...all.slice(head + data.logSkipped)] : all;
    assert.deepEqual(shown, kept, `${wanted} lines`);
    assert.equal(rows.indexOf(undefined), data.logSkipped ? data.logHead : -1, "what is left out is told where it is missing");
  }
});
