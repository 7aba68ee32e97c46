/** Stands in front of everything else in the suite's own pages: notes every event of a figure and every complaint of the page, from the first moment on. */

window.heard = [];
for (const type of ["lab-state", "lab-report", "lab-error", "lab-config"]) {
  window.addEventListener(type, (event) => {
    const figure = event.composedPath().find((one) => one.localName === "lock-lab");
    heard.push({
      type,
      at: performance.now(),
      id: figure?.id ?? null,
      detail: event.detail === undefined ? null : JSON.parse(JSON.stringify(event.detail)),
      bubbles: event.bubbles,
      composed: event.composed,
      state: figure?.state ?? null,
      hasReport: Boolean(figure?.report),
      hasError: Boolean(figure?.error),
    });
  });
}

window.complaints = [];
window.addEventListener("error", (event) => complaints.push(`error: ${event.message ?? event.target?.src ?? "?"} (${event.filename ?? ""}:${event.lineno ?? ""})`), true);
document.addEventListener("securitypolicyviolation", (event) => complaints.push(`violation: ${event.effectiveDirective} against ${event.blockedURI} ${event.sample}`));
window.addEventListener("unhandledrejection", (event) => complaints.push(`unhandled rejection: ${event.reason?.message ?? event.reason}`));
for (const level of ["error", "warn"]) {
  const said = console[level];
  console[level] = (...all) => {
    complaints.push(`console.${level}: ${all.map(String).join(" ")}`);
    said.apply(console, all);
  };
}

/** Every worker that this page itself starts (not those that its workers start). */
window.workersStarted = [];
window.Worker = class extends Worker {
  constructor(...all) {
    super(...all);
    workersStarted.push(String(all[0]));
  }
};
