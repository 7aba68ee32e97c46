/** What the menu "Export" holds: a run to be taken home as text, as a file, as a picture, and another one to be laid beside it. Fetched when the menu is opened. */
import { isFramed } from "../../reach/isolation.js";
import { h } from "../../views/dom.js";
import { compressed } from "../../views/hdr-histogram.js";
import { pngFile, svgFile, takeSnapshot } from "../../views/snapshot.js";
import { csvOf, markdownOf } from "../../views/table-text.js";
import { copyButton, save } from "../../views/take.js";
import { traceOf } from "../../views/chrome-trace.js";
import { readReport } from "./check.js";

/** @typedef {import("../shell.js").Shell} Shell */

/** How long other machines' runs may keep the menu from opening, in ms. */
const MACHINES_MS = 4000;

/** What is in the menu now. @param {Shell} shell @param {(offered: string | Blob) => void} offer  what should be a report @returns {Promise<Node[]>} */
export async function itemsFor(shell, offer) {
  const { shown: report, name } = shell;
  const { take } = shell.words;
  const items = report ? await ownItems(shell, report) : [];
  return [...items, compareItem(take, offer, name), ...(await machineItems(shell, offer))];
}

/** @param {Shell} shell @param {any} report */
async function ownItems(shell, report) {
  const { take } = shell.words;
  const json = () => JSON.stringify(report, null, 2);
  const file = (/** @type {string} */ ending) => `lock-lab-${shell.name}.${ending}`;
  const timeline = shell.body?.timeline;
  const histogram = shell.body?.histogram?.();
  const packed = histogram && (await compressed(histogram.encoded).catch(() => null));
  return [
    copyButton(take.markdown, take, () => markdown(shell, report)),
    copyButton(take.csv, take, () => csvOf(rowsOf(shell, report))),
    copyButton(take.json, take, json),
    item(take.saveJson, take.failed, () => save(file("json"), json(), "application/json")),
    timeline?.phases.length && item(take.trace, take.failed, () => save(file("trace.json"), JSON.stringify(trace(shell, report, timeline)), "application/json")),
    packed && copyButton(take.histogram(take.histogramOf(histogram.counter, histogram.threads)), take, () => packed),
    item(take.png, take.failed, async () => save(file("png"), await pngFile(picture(shell)), "image/png")),
    item(take.svg, take.failed, () => save(file("svg"), svgFile(picture(shell)), "image/svg+xml")),
    // No browser tells a page that a sandbox has swallowed a download.
    isFramed() && h("p", { class: "note" }, take.framed),
  ].filter((one) => one instanceof Node);
}

/** A button that does something, and says so if it could not. @param {string} label @param {string} failed @param {() => void | Promise<void>} act */
function item(label, failed, act) {
  const button = h("button", { type: "button", onClick: () => void go() }, label);
  async function go() {
    try {
      await act();
    } catch {
      button.textContent = failed;
    }
  }
  return button;
}

/** @param {Shell} shell @param {any} report */
function rowsOf({ name: figure, manifest }, report) {
  const about = { figure, engine: report.environment.engine, startedAt: report.startedAt };
  return (manifest?.rows(report) ?? []).map((row) => ({ ...about, ...row }));
}

/** The first table of the results as a reader sees it, and where it comes from. @param {Shell} shell @param {any} report */
function markdown(shell, report) {
  const table = shell.results.querySelector("table");
  return [`**${shell.heading()}**`, "", table && markdownOf(table), table && "", footOf(shell, report), "", shell.address()].filter((line) => line !== null && line !== undefined).join("\n");
}

/** @param {Shell} shell @param {any} report */
const footOf = (shell, report) => shell.words.figure.environment(report.environment);

/** @param {Shell} shell @param {any} report @param {import("../../views/timeline.js").Timeline} timeline */
function trace(shell, report, timeline) {
  const { phases, stateNames, phaseNames } = timeline;
  return traceOf({ phases, stateNames, phaseNames, nameOf: (lane) => timeline.nameOfLane(lane).name }, { title: shell.heading(), environment: footOf(shell, report), startedAt: report.startedAt });
}

/** @param {Shell} shell */
function picture(shell) {
  return takeSnapshot([shell.live, shell.results], (canvas) => shell.body?.timeline?.finer(canvas, 2) ?? canvas, { title: shell.heading(), question: shell.own.question(shell.model.config), foot: footOf(shell, shell.shown) }, shell.body?.picture);
}

/** @param {import("../../text/words.js").Words["take"]} take @param {(offered: string | Blob) => void} offer @param {string} name */
function compareItem(take, offer, name) {
  const file = h("input", { type: "file", accept: ".json,application/json", class: "unseen", tabindex: "-1", "aria-hidden": "true", onChange: () => file.files?.[0] && offer(file.files[0]) });
  const area = h("textarea", { rows: 2, "aria-label": take.comparePaste, placeholder: take.comparePaste, spellcheck: "false", autocomplete: "off", name: `compare-${name}`, onPaste: paste, onChange: () => area.value.trim() && offer(area.value) });
  /** @param {ClipboardEvent} event */
  function paste(event) {
    event.preventDefault();
    event.stopPropagation();
    offer(event.clipboardData?.getData("text/plain") ?? "");
  }
  return h("div", { class: "compare" }, h("p", null, h("b", null, take.compare), " ", take.compareHint), h("button", { type: "button", onClick: () => file.click() }, take.compareFile), file, area);
}

/** Other machines' runs, to be laid beside; one that can't be had, or keeps the menu waiting, is not offered. @param {Shell} shell @param {(text: string) => void} offer */
async function machineItems(shell, offer) {
  const { take, figure } = shell.words;
  const signal = AbortSignal.any([shell.signal, AbortSignal.timeout(MACHINES_MS)]);
  const items = shell.links.machines.map(async (url) => {
    const text = await fetch(url, { signal }).then((answer) => answer.text()).catch(() => "");
    const read = await readOther(text, shell);
    return "report" in read ? [item(take.machine(figure.where(read.report.environment), figure.day(read.report.startedAt)), take.failed, () => offer(text))] : [];
  });
  return (await Promise.all(items)).flat();
}

/** A report from elsewhere, or a sentence about what is wrong with it. @param {string | Blob} offered @param {Shell} shell @returns {Promise<{report: any} | {refused: string}>} */
export async function readOther(offered, { name, manifest, words: { take } }) {
  // A folder can be dropped as a file can, and a file may be gone by now.
  const text = typeof offered === "string" ? offered : await offered.text().catch(() => null);
  const read = text === null ? { wrong: { code: "unread", detail: {} } } : readReport(text, name, /** @type {import("../manifest.js").Manifest} */ (manifest).shape);
  return "report" in read ? read : { refused: take.refused(take.refusals[read.wrong.code](read.wrong.detail)) };
}
