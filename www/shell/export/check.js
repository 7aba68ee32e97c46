/** Whether a text is a report that a figure can draw, and if not, what is wrong with it. Reads only: nothing in it is taken for more than text. */
import { SCHEMA } from "../../settings.js";
import { choice, isObject, list, misfit, name, number, object, short, string, time } from "../../shape.js";

/** @typedef {import("../../shape.js").Wrong} Wrong */

/** No report that the page makes is longer: of 1000 rounds of 128 jobs one may have 36 million, as it is saved. */
const MOST_CHARACTERS = 40_000_000;

/** What all reports share. */
const COMMON = object(
  { outcome: choice("done", "stopped", "failed"), config: object({}), environment: object({ engine: name }, { cores: number(0, 100_000), build: string(200), clockStepMs: time }) },
  { startedAt: string(40), text: string(MOST_CHARACTERS), warnings: list(object({ code: name }), 1000) },
);

/** @param {string} text @param {string} figure  that would draw it @param {import("../../shape.js").ObjectShape} shape  of what it draws @returns {{report: any} | {wrong: Wrong}} */
export function readReport(text, figure, shape) {
  if (text.length > MOST_CHARACTERS) return refuse("too-large", { bytes: text.length, most: MOST_CHARACTERS });
  let report;
  try {
    report = JSON.parse(text);
  } catch (error) {
    return refuse("not-json", { said: error instanceof Error ? error.message.slice(0, 120) : "" });
  }
  // A machine's file has a report a figure.
  if (Array.isArray(report)) report = report.find((one) => one?.figure === figure) ?? report[0];
  if (!isObject(report) || typeof report.schema !== "string" || !report.schema.startsWith("locklab-report/")) return refuse("not-report", {});
  if (report.schema !== SCHEMA) return refuse("other-schema", { got: short(report.schema) });
  if (report.figure !== figure) return refuse("other-figure", { got: short(report.figure), wanted: figure });
  const wrong = misfit(report, COMMON) ?? misfit(report, shape);
  return wrong ? { wrong } : { report };
}

/** The same of a file. @param {URL} url @param {string} figure @param {import("../../shape.js").ObjectShape} shape @param {AbortSignal} signal @returns {Promise<{report: any} | {wrong: Wrong}>} */
export async function fetchReport(url, figure, shape, signal) {
  try {
    const answer = await fetch(url, { signal });
    return answer.ok ? readReport(await answer.text(), figure, shape) : refuse("unanswered", { status: answer.status });
  } catch {
    return refuse("unfetched", {});
  }
}

/** @param {string} code @param {any} detail */
const refuse = (code, detail) => ({ wrong: { code, detail } });
