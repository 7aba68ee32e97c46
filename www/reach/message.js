/**
 * The messages between a frame and the page around it, checked before anything else looks at them: either side may be hostile, and a message of another
 * shape, or too long, is dropped whole. Whether a setting is allowed is for the figure to say.
 */

import { STATES } from "../model.js";

/** @typedef {{theme?: string | null, lang?: string | null}} Look  attributes that are no settings; null takes one away */
/** @typedef {{page?: string} & ({type: "lab-run" | "lab-stop", id?: number} | {type: "lab-kill", worker: number} | {type: "lab-config", id?: number, config: Record<string, string>, look: Look})} Order  `page`: the frame's page that is meant; `id`: for an answer */
/** @typedef {import("../model.js").State} State */
/** @typedef {{code: string, message: string}} Failure */
/**
 * @typedef {{type: "lab-height", height: number} | {type: "lab-state", state: State} | {type: "lab-report", report: any} | {type: "lab-error", error: Failure | null}
 *   | {type: "lab-hello", page?: string} | {type: "lab-config", id?: number, config: Record<string, string>} | {type: "lab-answer", id: number, report?: any, error?: Failure}} News */
/** @typedef {Record<string, unknown>} Data */

/** More than all figures together have settings. */
const MAX_FIELDS = 64;
/** More characters than any setting's value, or its name, needs. */
const MAX_TEXT = 100;
/** In CSS pixels. */
const MAX_HEIGHT = 100000;
/** Of an error's sentences, in characters. */
const MAX_MESSAGE = 10000;

/** Whether it is a plain object: no array, no map, nothing with a life of its own. @param {unknown} data @returns {data is Data} */
const isPlain = (data) => typeof data === "object" && data !== null && Object.getPrototypeOf(data) === Object.prototype;

/** @param {unknown} text @param {number} [most] @returns {text is string} */
const isText = (text, most = MAX_TEXT) => typeof text === "string" && text.length <= most;

/** @param {unknown} value @returns {value is number} */
const isIndex = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

/** @param {unknown} report */
const isReport = (report) => isPlain(report) && isText(report.schema) && report.schema.startsWith("locklab-report/");

/** Settings as texts, as an attribute would have them; null if one of them is nothing that an attribute could be. @param {unknown} config */
function readSettings(config) {
  if (!isPlain(config)) return null;
  const fields = Object.entries(config).map(([name, value]) => [name, typeof value === "number" || typeof value === "boolean" ? String(value) : value]);
  return fields.length <= MAX_FIELDS && fields.every((field) => field.every((text) => isText(text))) ? /** @type {Record<string, string>} */ (Object.fromEntries(fields)) : null;
}

/** @param {unknown} look @returns {Look} */
const readLook = (look) => Object.fromEntries(["theme", "lang"].flatMap((name) => {
  const value = isPlain(look) ? look[name] : undefined;
  return value === null || isText(value) ? [[name, value]] : [];
}));

/** @param {unknown} error @returns {Failure | null} */
const readFailure = (error) => (isPlain(error) && isText(error.code) && isText(error.message, MAX_MESSAGE) ? { code: error.code, message: error.message } : null);

/** What each type of message may carry; null if it carries something else. @typedef {Record<string, (data: Data) => object | null>} Readers */

/** @param {Data} data */
const idOf = ({ id }) => (isIndex(id) ? { id } : {});

/** @type {Readers} */
const ORDERS = {
  "lab-run": idOf,
  "lab-stop": idOf,
  "lab-kill": ({ worker }) => (isIndex(worker) ? { worker } : null),
  "lab-config"({ id, config, look }) {
    const read = readSettings(config);
    return read && { ...idOf({ id }), config: read, look: readLook(look) };
  },
};

/** @type {Readers} */
const NEWS = {
  "lab-hello": () => ({}),
  "lab-height": ({ height }) => (typeof height === "number" && height > 0 && height <= MAX_HEIGHT ? { height } : null),
  "lab-state": ({ state }) => (/** @type {readonly unknown[]} */ (STATES).includes(state) ? { state } : null),
  "lab-report": ({ report }) => (isReport(report) ? { report } : null),
  "lab-error"({ error }) {
    const read = readFailure(error);
    return read || error === null ? { error: read } : null;
  },
  "lab-config"({ id, config }) {
    const read = readSettings(config);
    return read && { ...idOf({ id }), config: read };
  },
  "lab-answer"({ id, report, error }) {
    const failure = readFailure(error);
    if (!isIndex(id)) return null;
    if (failure) return { id, error: failure };
    return report === null || isReport(report) ? { id, report } : null;
  },
};

/** @param {Readers} readers @param {unknown} data @returns {any} */
function read(readers, data) {
  if (!isPlain(data) || typeof data.type !== "string" || !Object.hasOwn(readers, data.type)) return null;
  const carried = readers[data.type](data);
  return carried && { type: data.type, ...(isText(data.page) && { page: data.page }), ...carried };
}

/** What the page around a frame asks of it; null if it may not be asked. @param {unknown} data @returns {Order | null} */
export const readOrder = (data) => read(ORDERS, data);

/** What a frame tells the page around it; null if no figure says that. @param {unknown} data @returns {News | null} */
export const readNews = (data) => read(NEWS, data);
