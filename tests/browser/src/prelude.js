/** Put in front of every script that the suite runs in a page: how it reaches a figure. Not part of the product, and leaves nothing in the page but `window.suite`. */

const suite = (window.suite ??= { runs: [] });

/** The figure under test, or another one by its selector. */
const lab = (selector = "lock-lab") => document.querySelector(selector);

/** Starts a promise of a report and keeps what becomes of it under a number, so that the page is free meanwhile. */
const begin = (promise) => {
  const run = { settled: false };
  Promise.resolve(promise).then(
    (report) => Object.assign(run, { settled: true, report: report ?? null }),
    (error) => Object.assign(run, { settled: true, error: { code: error?.code ?? null, message: String(error?.message ?? error), isError: Object.prototype.toString.call(error) === "[object Error]" } }),
  );
  return suite.runs.push(run) - 1;
};

/** All elements inside a figure, those in further shadow roots included. */
const parts = (element = lab()) =>
  [...(element?.shadowRoot?.querySelectorAll("*") ?? [])].flatMap((one) => [one, ...(one.shadowRoot ? parts(one) : [])]);

/** Whether a person can see it. */
const isSeen = (one) => one.checkVisibility?.({ visibilityProperty: true }) ?? one.getClientRects().length > 0;

/** What a person reads in a figure: all text that is seen, white space collapsed. */
const words = (element = lab()) =>
  parts(element)
    .filter((one) => !["STYLE", "SCRIPT"].includes(one.tagName) && isSeen(one))
    .flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data))
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();

/** What has the focus, however deep in shadow roots. */
const focused = () => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one;
};

/** A button of a figure by what it says. */
const button = (says, element = lab()) =>
  parts(element).find((one) => one.localName === "button" && isSeen(one) && says.test(one.getAttribute("aria-label") ?? one.textContent.trim())) ?? null;
const runButton = (element) => button(/^run\b/i, element);
const stopButton = (element) => button(/^stop\b/i, element);

/** A slider or number field of a figure, by what it is about. */
const control = (type, about, element = lab()) =>
  parts(element).find((one) => {
    if (one.localName !== "input" || one.type !== type) return false;
    const names = [one.name, one.id, one.getAttribute("aria-label"), one.getAttribute("aria-valuetext"), ...[...(one.labels ?? [])].map((label) => label.textContent)];
    return names.some((name) => about.test(name ?? ""));
  }) ?? null;

/** Waits inside the page, for conditions that come and go too quickly for a driver. */
const until = async (holds, ms = 3000) => {
  const begun = performance.now();
  while (!holds() && performance.now() - begun < ms) await new Promise((resolve) => setTimeout(resolve, 5));
  return holds();
};

/** Which of the four runs a figure says that it is at, from 0; -1 where it says none. */
const phaseShown = (element = lab()) => Number(/\bRun (\d) of 4\b/.exec(words(element))?.[1] ?? 0) - 1;

/** Waits until an element stands still: nobody presses what is scrolling by. One that never does is pressed all the same. */
const rests = async (find) => {
  let [place, since] = ["", 0];
  await until(() => {
    const { x, y } = find()?.getBoundingClientRect() ?? {};
    const now = performance.now();
    if (`${x} ${y}` !== place) [place, since] = [`${x} ${y}`, now];
    return now - since > 60;
  });
};

/** How light the figure's paper is, from 0 to 1. */
const paper = () => {
  const [red, green, blue] = getComputedStyle(lab()).backgroundColor.match(/[\d.]+/g).map(Number);
  return (red + green + blue) / 765;
};
