/**
 * The shape of what passes between a frame and the page around it, held against what either may say, before anything else looks at it. Whoever sends may be
 * hostile: what is of another shape, or too long, is dropped whole. Knows no figure; whether a setting is allowed is for the figure to say.
 */

/** @typedef {{theme?: string | null, lang?: string | null}} Look  attributes that are no settings; null takes one away */
/** @typedef {{type: "lab-run" | "lab-stop", id?: number} | {type: "lab-kill", worker: number} | {type: "lab-config", config: Record<string, string>, look: Look}} Order  `id`: for an answer */
/** @typedef {"loading" | "ready" | "running" | "done" | "stopped" | "failed" | "unsupported"} State */
/**
 * @typedef {{type: "lab-height", height: number} | {type: "lab-state", state: State} | {type: "lab-report", report: any} | {type: "lab-error", error: {code: string, message: string} | null}
 *   | {type: "lab-hello"} | {type: "lab-config", config: Record<string, string>} | {type: "lab-answer", id: number, report?: any, error?: {code: string, message: string}}} News */

/** More than all figures together have settings. */
const MOST_FIELDS = 64;
/** More than any setting's value, or its name, needs. */
const LONGEST = 100;
/** What a frame may say of its height, in CSS pixels. */
const TALLEST = 100000;
/** What an error's sentence may come to. */
const LONGEST_SENTENCE = 10000;

/** @type {State[]} */
const STATES = ["loading", "ready", "running", "done", "stopped", "failed", "unsupported"];

/** Whether it is a plain object: no array, no map, nothing with a life of its own. @param {unknown} data @returns {data is Record<string, unknown>} */
const isPlain = (data) => typeof data === "object" && data !== null && Object.getPrototypeOf(data) === Object.prototype;

/** @param {unknown} text @param {number} [most] @returns {text is string} */
const isShort = (text, most = LONGEST) => typeof text === "string" && text.length <= most;

/**
 * Settings as texts, as an attribute would have them; null where one of them is nothing that an attribute could be.
 * @param {unknown} config @returns {Record<string, string> | null}
 */
function readSettings(config) {
  if (!isPlain(config)) return null;
  const fields = Object.entries(config);
  if (fields.length > MOST_FIELDS) return null;
  /** @type {[string, string][]} */
  const read = [];
  for (const [name, value] of fields) {
    const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
    if (!isShort(name) || !isShort(text)) return null;
    read.push([name, text]);
  }
  return Object.fromEntries(read);
}

/** A number that something is known by. @param {unknown} value @returns {value is number} */
const isIndex = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** @param {unknown} look @returns {Look} */
function readLook(look) {
  /** @type {Look} */
  const read = {};
  if (!isPlain(look)) return read;
  for (const name of /** @type {const} */ (["theme", "lang"])) {
    const value = look[name];
    if (value === null || isShort(value)) read[name] = value;
  }
  return read;
}

/** @param {unknown} report */
const isReport = (report) => isPlain(report) && isShort(report.schema) && report.schema.startsWith("locklab-report/");

/** @param {unknown} error @returns {{code: string, message: string} | null} */
const readError = (error) => (isPlain(error) && isShort(error.code) && isShort(error.message, LONGEST_SENTENCE) ? { code: error.code, message: error.message } : null);

/** What the page around a frame asks of it; null where it is nothing that may be asked. @param {unknown} data @returns {Order | null} */
export function readOrder(data) {
  if (!isPlain(data)) return null;
  const { type, id, worker } = data;
  if (type === "lab-run" || type === "lab-stop") return isIndex(id) ? { type, id } : { type };
  if (type === "lab-kill") return isIndex(worker) ? { type, worker } : null;
  if (data.type !== "lab-config") return null;
  const config = readSettings(data.config);
  return config && { type: "lab-config", config, look: readLook(data.look) };
}

/** What a frame tells the page around it; null where it is nothing that a figure says. @param {unknown} data @returns {News | null} */
export function readNews(data) {
  if (!isPlain(data)) return null;
  const { type, height, state, report, error, config, id } = data;
  if (type === "lab-hello") return { type };
  if (type === "lab-config") {
    const read = readSettings(config);
    return read && { type, config: read };
  }
  if (type === "lab-answer") {
    const refusal = readError(error);
    if (!isIndex(id)) return null;
    if (refusal) return { type, id, error: refusal };
    return report === null || isReport(report) ? { type, id, report } : null;
  }
  if (type === "lab-height") return typeof height === "number" && height > 0 && height <= TALLEST ? { type, height } : null;
  if (type === "lab-state") return STATES.includes(/** @type {State} */ (state)) ? { type, state: /** @type {State} */ (state) } : null;
  if (type === "lab-report") return isReport(report) ? { type, report } : null;
  if (type !== "lab-error") return null;
  const read = readError(error);
  return read || error === null ? { type, error: read } : null;
}
