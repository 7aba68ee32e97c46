/** What can go wrong between the page and its threads. Each failure has a code; the words for a code are in `text/`. */

/**
 * A failure that a person will read. `detail` is plain data for the sentence.
 * @typedef {"no-shared-memory" | "wasm-load" | "no-memory" | "worker-start" | "pool-timeout" | "engine-lost" | "master-lives" | "stuck" | "worker-failed" | "needs-press" | "refused" | "cancelled" | "bad-report"} Code
 */
export class LabError extends Error {
  /** @param {Code} code @param {Record<string, unknown>} [detail] */
  constructor(code, detail = {}) {
    super(`${code} ${JSON.stringify(detail)}`);
    this.name = "LabError";
    this.code = code;
    this.detail = detail;
  }
}
