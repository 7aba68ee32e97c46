/**
 * The inner side of a frame: messages between a figure that fills its page and the page around it. Only to and from the parent; nothing here can do
 * more than run, stop, kill a worker and configure. The outer side, where the element made the frame, is relay.js.
 */
import { FRAMED } from "./limits.js";
import { readOrder } from "./message.js";

/** @typedef {import("../lock-lab.js").LockLab} LockLab */
/** @typedef {import("./message.js").Look} Look */

/** What the author wrote, as far as it can be told: settings in force, and of those that can't be taken what was written. @param {LockLab} figure */
function written(figure) {
  const wrong = /** @type {import("../settings.js").Wrong[]} */ (figure.error?.detail?.wrong ?? []);
  return { ...figure.config, ...Object.fromEntries(wrong.map(({ field, got }) => [field, got])) };
}

/** @param {LockLab} figure */
export function joinParent(figure) {
  if (window.parent === window) return;
  figure.limits = FRAMED;
  // To whatever page it is: anybody may embed a figure, and nothing that it says is a secret.
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
  // Whoever hears that a run is done has its report already.
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
  const config = () => tell({ type: "lab-config", config: written(figure) });
  figure.addEventListener("lab-state", state);
  figure.addEventListener("lab-report", news);
  figure.addEventListener("lab-error", news);
  // What is wrong is known a moment after what is configured.
  figure.addEventListener("lab-config", () => queueMicrotask(config));
  obeyParent(figure, tell);
  tell({ type: "lab-hello" });
  config();
  state();
  new ResizeObserver(measure).observe(document.documentElement);
  measure();
}

/** @param {LockLab} figure @param {(message: object) => void} tell */
function obeyParent(figure, tell) {
  /** A run that waits until the figure can be seen. @type {IntersectionObserver | undefined} */
  let waiting;
  /** Who asked with a number gets an answer; else what goes wrong is said by the figure and by its events. @param {number | undefined} id @param {Promise<any>} promise */
  const answer = (id, promise) =>
    promise.then(
      (report) => id !== undefined && tell({ type: "lab-answer", id, report }),
      ({ code, message }) => id !== undefined && tell({ type: "lab-answer", id, error: { code, message } }),
    );
  const seen = () => {
    waiting?.disconnect();
    return new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
      waiting = new IntersectionObserver((entries, own) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        own.disconnect();
        resolve();
      });
      waiting.observe(figure);
    });
  };
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent) return;
    const order = readOrder(data);
    if (order?.type === "lab-run") void answer(order.id, seen().then(() => figure.runWithin(FRAMED)));
    if (order?.type === "lab-stop") {
      waiting?.disconnect();
      void answer(order.id, figure.stop());
    }
    if (order?.type === "lab-kill") figure.kill(order.worker);
    if (order?.type === "lab-config") {
      wear(figure, order.look);
      figure.config = order.config;
    }
  });
}

/** Attributes that are no settings of an experiment, and that the parent may change. @param {LockLab} figure @param {Look} look */
function wear(figure, look) {
  for (const [name, value] of Object.entries(look)) {
    if (value === null) figure.removeAttribute(name);
    else figure.setAttribute(name, value);
  }
  if (look.theme === undefined) return;
  const { dataset } = document.documentElement;
  if (look.theme === "light" || look.theme === "dark") dataset.theme = look.theme;
  else delete dataset.theme;
}
