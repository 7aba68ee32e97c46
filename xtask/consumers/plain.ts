// What a page's own script does with the element, as `tsc --strict` sees it.
import type { LockLabReport } from "lock-lab";

const figure = document.querySelector("lock-lab");
if (figure) {
  figure.config = { threads: 8, waitMs: null, counter: "ticket" };
  await figure.ready;
  const report: LockLabReport = await figure.run();
  for (const { busy, wallMs } of report.runs ?? []) console.log(busy.toUpperCase(), wallMs?.toFixed(1));
  figure.addEventListener("lab-state", ({ detail }) => detail.state === "done" && console.log(figure.report?.environment.engine));
  figure.addEventListener("lab-error", ({ detail }) => console.log(detail?.code));
  // @ts-expect-error: no such counter
  figure.config = { counter: "mutex" };
  // @ts-expect-error: only the figure sets it
  figure.state = "done";
}
