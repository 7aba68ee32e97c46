/** The run that a figure shows until its reader has made one: its author's, from a report, or ours. */
import { recordingUrls } from "./engine/assets.js";
import { violatedRule } from "./csp.js";
import { LabError } from "./engine/errors.js";
import { part } from "./part.js";
import { unpack } from "./recording.js";

/** @typedef {import("./shape.js").Wrong} Wrong @typedef {import("./shape.js").ObjectShape} ObjectShape */

/** How long a report or a recorded run may take, in ms: a connection that stalls says nothing, and a figure that may yet need a frame waits for this. */
const LOAD_MS = 15000;

/**
 * @param {string} figure @param {string} slice  what is seen of it @param {string} src  where the author's report lies; empty: nowhere @param {ObjectShape | undefined} shape @param {AbortSignal} gone
 * @returns {Promise<{run: {report: any, live: import("./engine/board.js").Live | null} | null, wrong: Wrong | null}>}  `wrong`: with the author's; then it is ours, if there is one
 * @throws {LabError} where the page's policy forbids to fetch anything of ours
 */
export async function fetchRecorded(figure, slice, src, shape, gone) {
  const timely = () => AbortSignal.any([gone, AbortSignal.timeout(LOAD_MS)]);
  /** @type {Wrong | null} */
  let wrong = null;
  if (src && shape) {
    const { fetchReport } = await part(() => import("./shell/export/check.js"), import.meta.url);
    const read = await fetchReport(new URL(src, document.baseURI), figure, shape, timely());
    // What each thread did when is in no report.
    if ("report" in read) return { run: { ...read, live: null }, wrong };
    wrong = read.wrong;
  }
  const urls = recordingUrls(figure, slice);
  try {
    const parts = await Promise.all(urls.map(async (one) => (await fetch(one, { signal: timely() })).json()));
    return { run: parts.length ? unpack(Object.assign({}, ...parts)) : null, wrong };
  } catch (error) {
    const [url = ""] = urls;
    const directive = await violatedRule(url);
    if (directive) throw new LabError("wasm-load", { reason: "forbidden", directive, url, said: String(error) });
    return { run: null, wrong };
  }
}
