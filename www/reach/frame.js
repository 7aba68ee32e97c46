/** Messages between a figure that fills a frame and the page that carries the frame. Only to and from the parent; nothing here can do more than run, stop and configure. */

/** @typedef {import("../lock-lab.js").LockLab} LockLab */

/** @param {LockLab} figure */
export function joinParent(figure) {
  if (window.parent === window) return;
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
  window.addEventListener("message", ({ source, data }) => {
    if (source !== window.parent || typeof data !== "object" || data === null) return;
    // What goes wrong is said by the figure and by its events; a message has nobody to answer to.
    if (data.type === "lab-run") figure.run().catch(() => {});
    if (data.type === "lab-stop") figure.stop().catch(() => {});
    if (data.type === "lab-config" && typeof data.config === "object" && data.config !== null) figure.config = data.config;
  });
}
