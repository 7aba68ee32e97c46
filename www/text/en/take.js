/** What can be taken home of a run, and a report that is laid beside it: the words. Part of en.js. */
import { count, list } from "./units.js";

/** What every figure calls what can't be taken. */
const kinds = { number: "a number", string: "a name", boolean: "true or false", list: "a list", object: "an object" };

/** Why a report is refused, by code. @type {Record<string, (detail: any) => string>} */
const refusals = {
  unanswered: ({ status }) => `The server answered ${status}: check the address.`,
  unfetched: () => "It could not be fetched: the connection failed, or the page’s policy or the file’s server doesn’t allow it.",
  unread: () => "The file could not be read: it is a folder, or was moved or changed meanwhile. Choose it again.",
  "too-large": ({ bytes, most }) => `This is ${count(bytes / 1000)} KB; a report has at most ${count(most / 1000)} KB. Choose a file that “Save JSON” has made.`,
  "not-json": ({ said }) => `This is not JSON (${said}). Choose a file that “Save JSON” has made, or paste all of it.`,
  "not-report": () => "This JSON isn’t a Lock Lab report: its “schema” is missing or different.",
  "other-schema": ({ got }) => `This report is written in “${got}”; this page reads “locklab-report/1”.`,
  "other-figure": ({ got, wanted }) => `This is a report of the figure “${got}”. This one is “${wanted}”: drop it on the other.`,
  "wrong-kind": ({ path, wanted, got }) => `${path} should be ${/** @type {Record<string, string>} */ (kinds)[wanted]}, and is ${got}.`,
  "out-of-range": ({ path, got, least, most }) => `${path} is ${got}; it must lie between ${least} and ${most}.`,
  "not-allowed": ({ path, got, allowed }) => `${path} is “${got}”; it must be one of ${list(allowed)}.`,
  "too-many": ({ path, got, most }) => `${path} has ${count(got)} entries; at most ${count(most)} are read.`,
};

export const take = {
  open: "Export",
  markdown: "Copy table (Markdown)",
  csv: "Copy CSV",
  json: "Copy report (JSON)",
  saveJson: "Save JSON",
  trace: "Save trace (Perfetto)",
  histogram: (/** @type {string} */ whose) => `Copy histogram: ${whose}`,
  /** @param {string} counter @param {number} threads */
  histogramOf: (counter, threads) => `${counter}, ${count(threads)}`,
  png: "Save picture (PNG)",
  svg: "Save picture (SVG)",
  copied: "Copied",
  uncopied: "Not copied: press Ctrl+C",
  failed: "That failed. Try again.",
  framed: "This figure is in a frame. If the page around it allows no downloads, nothing is saved: copy instead.",
  closed: "The page around this frame lets no link open. Copy the address:",
  unfetched: "A part of this page could not be fetched. Check the connection and press again; if that doesn’t help, reload the page.",
  compare: "Compare with a report …",
  compareHint: "From another browser or another machine: choose the file, drop it on the figure, or paste it here.",
  comparePaste: "Paste a report here",
  compareFile: "Choose a file",
  /** @param {string} where @param {string} when */
  machine: (where, when) => `Compare with ${where} (${when})`,
  refusals,
  refused: (/** @type {string} */ why) => `This report can’t be shown. ${why}`,
  /** @param {string} where @param {string} when */
  beside: (where, when) => (when ? `Compared with a report from ${where}, made on ${when}.` : `Compared with a report from ${where}.`),
  remove: "Remove",
  besideCaption: "This run, and the one beside it",
  besideColumns: { what: "", here: "here", there: "there" },
  none: "–",
};
