/** A card of the reader's own run: a picture to be posted, and a text with the link that reopens it. Of whole runs only that nothing has disturbed. */
import { h } from "../../views/dom.js";
import { paint, roleOf, takeSnapshot, wrap } from "../../views/snapshot.js";
import { copyButton, save } from "../../views/take.js";
import { addressOf, attributesOf } from "../links.js";
import { verdictOf } from "../sentence.js";

/** @typedef {import("../shell.js").Shell} Shell */

const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 60;
/** The sentence is as large as it may be, in px, to leave room for the picture. */
const SIZES = [52, 46, 40, 34, 28];
const MOST = 170;
/** From the picture to what is above it and below. */
const GAP = 24;
const FOOT = 24;
/** From line to line, as a part of a line's size. */
const LINE = 1.3;

/** Warnings of runs whose times nobody should trust. */
const DISTURBED = ["tab-hidden", "frame-unseen", "machine-slept"];

/** Whether others may be shown a run. @param {any} report */
const isSound = (report) => report?.outcome === "done" && !report.warnings?.some((/** @type {any} */ { code }) => DISTURBED.includes(code));

/** The card and what can be done with it, or what it takes to have one. @param {Shell} shell @param {import("./share.js").Said["card"]} card */
export function cardOf(shell, card) {
  const { model: { report, view }, links, own, words } = shell;
  if (!isSound(report)) return h("section", null, h("h3", null, card.name), h("p", null, card.none));
  const { manifest } = shell;
  const verdict = verdictOf(shell, manifest?.sentences(report, { words, own }) ?? [], report, report.config).trim();
  const where = words.figure.where(report.environment);
  const address = addressOf(links.live, attributesOf(shell.model, { show: view.show, src: "" }, report.config));
  const question = own.question(report.config);
  const text = card.text(question, where, verdict);
  const canvas = h("canvas", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": text });
  // Its colours and fonts are the figure's, which has them where it stands only.
  const drawn = draw(shell, canvas, { title: `Lock Lab: ${own.title}`, question, verdict, foot: card.foot(words.figure.environment({ ...report.environment, build: null })) });
  const saved = h("button", { type: "button", onClick: () => void drawn.then(() => canvas.toBlob((blob) => blob && save(`lock-lab-${shell.name}-card.png`, blob, "image/png"))) }, words.take.png);
  drawn.catch(() => (saved.textContent = words.take.failed));
  return h("section", { class: "card" }, h("h3", null, card.name), h("span", { class: "acts" }, saved, copyButton(card.copy, words.figure, () => `${text} ${address}`)), canvas, h("p", null, text, " ", h("a", { href: address, target: "_blank", rel: "noopener" }, card.link)));
}

/** @param {Shell} shell @param {HTMLCanvasElement} canvas @param {{title: string, question: string, verdict: string, foot: string}} said */
async function draw({ live, verdict: near, body, frameElement }, canvas, { title, question, verdict, foot }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const role = roleOf(live);
  const [sans, serif] = [frameElement, near].map((one) => getComputedStyle(one).fontFamily);
  const wide = WIDTH - 2 * MARGIN;
  let y = MARGIN - 20;
  /** @param {string} text @param {number} size @param {string} family */
  const lines = (text, size, family) => wrap(text, wide, `${size}px ${family}`);
  /** @param {string[]} texts @param {number} size @param {string} family @param {string} fill */
  const write = (texts, size, family, fill) => {
    context.font = `${size}px ${family}`;
    context.fillStyle = role(fill);
    for (const text of texts) context.fillText(text, MARGIN, (y += Math.round(size * LINE)));
  };
  context.fillStyle = role("paper");
  context.fillRect(0, 0, WIDTH, HEIGHT);
  write([title], FOOT, sans, "soft");
  write(lines(question, 28, serif), 28, serif, "soft");
  const size = SIZES.find((one) => lines(verdict, one, serif).length * one * LINE <= MOST) ?? SIZES[SIZES.length - 1];
  y += 8;
  write(lines(verdict, size, serif), size, serif, "ink");
  const top = y + GAP;
  y = HEIGHT - MARGIN + 12;
  const room = y - GAP - top;
  write(lines(foot, FOOT, sans).slice(0, 1), FOOT, sans, "soft");
  const picture = takeSnapshot([live], (one) => body?.timeline?.finer(one, 2) ?? one, null, body?.picture);
  const scale = Math.min(wide / picture.width, room / picture.height);
  context.translate(MARGIN, top + (room - picture.height * scale) / 2);
  context.scale(scale, scale);
  await paint(picture, context);
}
