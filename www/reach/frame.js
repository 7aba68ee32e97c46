/**
 * The inner side of a frame: messages between a figure that fills its page and the page around it, which can run it, stop it, kill a worker and
 * configure it, and nothing else. The outer side, where the element made the frame, is relay.js.
 */
import { choose } from "../text/tags.js";
import { wordsFor } from "../text/words.js";
import { languageTags } from "./browser.js";
import { FRAMED } from "./limits.js";
import { readOrder } from "./message.js";

/** @typedef {import("../lock-lab.js").LockLab} LockLab */
/** @typedef {import("./message.js").Look} Look */

/** Settings as they are written: those in force, and of those that can't be taken what the author wrote. @param {LockLab} figure */
function written(figure) {
  const wrong = /** @type {import("../settings.js").Wrong[]} */ (figure.error?.detail?.wrong ?? []);
  return { ...figure.config, ...Object.fromEntries(wrong.map(({ field, got }) => [field, got])) };
}

/** @param {LockLab} figure */
export function joinParent(figure) {
  if (window.parent === window) return;
  figure.limits = FRAMED;
  // To any origin: anybody may embed a figure, and nothing that it says is a secret.
  /** @param {object} message */
  const tell = (message) => window.parent.postMessage(message, "*");
  let height = 0;
  const measure = () => {
    const now = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (now !== height) tell({ type: "lab-height", height: (height = now) });
  };
  /** @type {unknown} */
  let report = null;
  /** @type {unknown} */
  let error = null;
  // A report comes before the state that ends its run.
  const news = () => {
    if (figure.report !== report) tell({ type: "lab-report", report: (report = figure.report) });
    if (figure.error === error) return;
    error = figure.error;
    if (error) tell({ type: "lab-error", error });
  };
  const state = () => {
    news();
    tell({ type: "lab-state", state: figure.state });
  };
  /** The number of the newest order that the settings follow. */
  let heard = 0;
  const tellConfig = () => tell({ type: "lab-config", id: heard, config: written(figure) });
  const config = (id = heard) => {
    heard = id;
    // What is wrong with settings is known a moment after them.
    queueMicrotask(tellConfig);
  };
  figure.addEventListener("lab-state", state);
  figure.addEventListener("lab-report", news);
  figure.addEventListener("lab-error", news);
  figure.addEventListener("lab-config", () => config());
  // A frame that is moved loads anew: what was meant for the page before is not for this one.
  const page = String(Math.random());
  listenToParent(figure, page, tell, config);
  tell({ type: "lab-hello", page });
  tellConfig();
  state();
  new ResizeObserver(measure).observe(document.documentElement);
  measure();
}

/** @param {LockLab} figure @param {string} page @param {(message: object) => void} tell @param {(id?: number) => void} config  tells the settings, which follow that order */
function listenToParent(figure, page, tell, config) {
  /** Ends the runs that wait until the figure can be seen. */
  let waiting = new AbortController();
  /** A request with a number gets an answer; else the figure and its events say what goes wrong. @param {number | undefined} id @param {Promise<any>} promise */
  const answer = (id, promise) =>
    promise.then(
      (report) => id !== undefined && tell({ type: "lab-answer", id, report }),
      ({ code, message }) => id !== undefined && tell({ type: "lab-answer", id, error: { code, message } }),
    );
  /** @param {AbortSignal} signal @returns {Promise<void>} */
  const seen = (signal) => new Promise((resolve, reject) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(figure);
    signal.addEventListener("abort", async () => {
      observer.disconnect();
      const { errors } = await wordsFor(choose(...languageTags(figure), ...navigator.languages));
      reject({ code: "cancelled", message: errors.cancelled({}).what });
    });
  });
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent) return;
    const order = readOrder(data);
    if (order?.page !== undefined && order.page !== page) return;
    if (order?.type === "lab-run") void answer(order.id, seen(waiting.signal).then(() => figure.runWithin(FRAMED)));
    if (order?.type === "lab-stop") {
      waiting.abort();
      waiting = new AbortController();
      void answer(order.id, figure.stop());
    }
    if (order?.type === "lab-kill") figure.kill(order.worker);
    if (order?.type === "lab-config") {
      applyLook(figure, order.look);
      figure.config = order.config;
      if (order.id !== undefined || Object.keys(order.config).length === 0) config(order.id);
    }
  });
}

/** Sets attributes that are no settings. @param {LockLab} figure @param {Look} look */
function applyLook(figure, look) {
  for (const [name, value] of Object.entries(look)) {
    if (value === null) figure.removeAttribute(name);
    else figure.setAttribute(name, value);
  }
  if (look.theme === undefined) return;
  const { dataset } = document.documentElement;
  if (look.theme === "light" || look.theme === "dark") dataset.theme = look.theme;
  else delete dataset.theme;
}
