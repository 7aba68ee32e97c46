/** Messages between a figure that fills a frame and the page that carries the frame. Only to and from the parent; nothing here can do more than run, stop and configure. */
import { FRAMED } from "./limits.js";
import { readOrder } from "./message.js";

/** @typedef {import("../lock-lab.js").LockLab} LockLab */

/** @param {LockLab} figure */
export function joinParent(figure) {
  if (window.parent === window) return;
  figure.limits = FRAMED;
  // To whatever page it is: anybody may embed a figure, and nothing that it says is a secret.
  /** @param {object} message */
  const tell = (message) => window.parent.postMessage(message, "*");
  let told = 0;
  const height = () => {
    const now = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (now !== told) tell({ type: "lab-height", height: (told = now) });
  };
  new ResizeObserver(height).observe(document.documentElement);
  height();
  tell({ type: "lab-state", state: figure.state });
  figure.addEventListener("lab-state", () => tell({ type: "lab-state", state: figure.state }));
  figure.addEventListener("lab-report", () => tell({ type: "lab-report", report: figure.report }));
  figure.addEventListener("lab-error", () => tell({ type: "lab-error", error: figure.error }));
  obeyParent(figure);
}

/** @param {LockLab} figure */
function obeyParent(figure) {
  /** A run that waits until the figure can be seen. @type {IntersectionObserver | undefined} */
  let waiting;
  const run = () => {
    waiting?.disconnect();
    waiting = new IntersectionObserver((entries, own) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      own.disconnect();
      // What goes wrong is said by the figure and by its events; a message has nobody to answer to.
      figure.runWithin(FRAMED).catch(() => {});
    });
    waiting.observe(figure);
  };
  const stop = () => {
    waiting?.disconnect();
    figure.stop().catch(() => {});
  };
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent) return;
    const order = readOrder(data);
    if (order?.type === "lab-run") run();
    if (order?.type === "lab-stop") stop();
    if (order?.type === "lab-config") figure.config = order.config;
  });
}
