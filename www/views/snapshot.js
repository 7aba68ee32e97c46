/**
 * A picture of what a figure shows, to be kept: its charts and timelines where they stand on the page (or what a figure without any draws for
 * it), a title above, a line about the run below. Colours and fonts are written into it, so that it looks the same without a style sheet.
 */
import { svg, widthOf } from "./dom.js";

/** @typedef {{title: string, question: string, foot: string}} Said */
/** @typedef {{x: number, y: number, width: number, height: number}} Place */
/** @typedef {import("../shell/manifest.js").Canvas} Canvas */
/** @typedef {Place & {chart?: SVGElement, canvas?: HTMLCanvasElement}} Piece */
/** @typedef {{element: SVGSVGElement, pieces: Piece[], width: number, height: number}} Picture */

const MARGIN = 20;
const TITLE = 18;
const SMALL = 12;
const LINE = 17;
/** Between one row of charts and the next. */
const GAP = 12;
/** How much finer than the page a picture of points is. */
const FINE = 2;
/** What a style sheet may have said of a mark, and what it is where nobody said anything. @type {[property: string, usual: string[]][]} */
const STYLES = [
  ["fill", ["rgb(0, 0, 0)"]], ["stroke", ["none"]], ["stroke-width", ["1px"]], ["stroke-dasharray", ["none"]], ["stroke-linejoin", ["miter"]], ["stroke-linecap", ["butt"]],
  ["opacity", ["1"]], ["paint-order", ["normal"]], ["font-family", []], ["font-size", []], ["font-weight", ["400"]], ["shape-rendering", ["auto"]],
];

/**
 * @param {HTMLElement[]} containers  in which charts and timelines are looked for that are seen: what is folded may never have been drawn @param {(canvas: HTMLCanvasElement) => HTMLCanvasElement} redraw  a timeline's canvas, made anew and finer
 * @param {Said | null} said  null for the picture alone @param {(canvas: Canvas) => SVGSVGElement} [draw]  what a figure that is text draws instead
 * @returns {Picture}
 */
export function takeSnapshot(containers, redraw, said, draw) {
  const style = getComputedStyle(containers[0]);
  const role = roleOf(containers[0]);
  const all = containers.flatMap((one) => [...one.querySelectorAll(".chart svg, .stage canvas")]).filter((one) => one.getClientRects().length > 0 && !one.closest("details:not([open])"));
  const left = Math.min(...containers.map((one) => one.getBoundingClientRect().left));
  const wide = Math.max(...containers.map(widthOf));
  // What the page around makes of the figure's pixels.
  const scale = Math.max(...containers.map((one) => one.getBoundingClientRect().width)) / wide || 1;
  const question = said ? wrap(said.question, wide, `${SMALL + 1}px ${style.fontFamily}`) : [];
  const top = said ? MARGIN + TITLE + 8 + question.length * LINE + GAP : GAP;
  const { pieces, bottom } = draw && (said || !all.length) ? drawn(draw({ width: wide, font: style.fontFamily, role, wrap }), top) : placed(all, { left, top, scale }, redraw);
  const foot = said ? wrap(said.foot, wide, `${SMALL}px ${style.fontFamily}`) : [];
  const width = Math.ceil(wide + 2 * MARGIN);
  const height = Math.ceil(bottom + GAP + foot.length * LINE + MARGIN / 2);
  /** @param {string[]} lines @param {number} y @param {string} fill @param {object} more */
  const texts = (lines, y, fill, more) => lines.map((line, i) => svg("text", { x: MARGIN, y: y + i * LINE, fill, "font-family": style.fontFamily, "font-size": SMALL, ...more }, line));
  const element = svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height },
    said && svg("title", null, said.title),
    svg("rect", { width, height, fill: role("paper") }),
    said && texts([said.title], MARGIN + TITLE - 4, role("ink"), { "font-size": TITLE, "font-weight": 600 }),
    texts(question, MARGIN + TITLE + 8 + SMALL, role("soft"), { "font-size": SMALL + 1 }),
    pieces.filter(({ chart }) => chart).map(({ chart }) => chart),
    texts(foot, bottom + GAP + SMALL, role("soft"), {}));
  return { element, pieces: pieces.filter(({ canvas }) => canvas), width, height };
}

/** One picture, below the title. @param {SVGSVGElement} chart @param {number} top */
function drawn(chart, top) {
  const place = { x: MARGIN, y: top, width: Number(chart.getAttribute("width")), height: Number(chart.getAttribute("height")) };
  for (const name of /** @type {const} */ (["x", "y"])) chart.setAttribute(name, String(place[name]));
  return { pieces: /** @type {Piece[]} */ ([{ ...place, chart }]), bottom: top + place.height };
}

/** Where each stands: as on the page, but nothing is left between the rows. @param {Element[]} all @param {{left: number, top: number, scale: number}} page @param {(canvas: HTMLCanvasElement) => HTMLCanvasElement} redraw */
function placed(all, { left, top, scale }, redraw) {
  const boxes = all.map((one) => ({ one, box: one.getBoundingClientRect() })).sort((a, b) => a.box.top - b.box.top);
  /** @type {Piece[]} */
  const pieces = [];
  let rowTop = top;
  let bottom = top;
  let [began, ends] = [-Infinity, -Infinity];
  for (const { one, box } of boxes) {
    if (box.top > ends - 4) {
      rowTop = ends === -Infinity ? top : bottom + GAP;
      began = box.top;
      ends = box.bottom;
    }
    ends = Math.max(ends, box.bottom);
    const place = { x: (box.left - left) / scale + MARGIN, y: rowTop + (box.top - began) / scale, width: box.width / scale, height: box.height / scale };
    bottom = Math.max(bottom, place.y + place.height);
    pieces.push(one instanceof HTMLCanvasElement ? { ...place, canvas: redraw(one) } : { ...place, chart: styled(/** @type {SVGElement} */ (one), place) });
  }
  return { pieces, bottom };
}

/** A chart that needs no style sheet. @param {SVGElement} original @param {Place} place */
function styled(original, { x, y, width, height }) {
  const copy = /** @type {SVGElement} */ (original.cloneNode(true));
  const from = [original, ...original.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, i) => {
    const computed = getComputedStyle(from[i]);
    for (const name of ["class", "tabindex", "style"]) one.removeAttribute(name);
    if (one.localName === "title" || one.localName === "g") {
      if (computed.opacity !== "1") one.setAttribute("opacity", computed.opacity);
      return;
    }
    for (const [property, usual] of STYLES) {
      const value = computed.getPropertyValue(property);
      if (value && !usual.includes(value) && !(property.startsWith("font") && one.localName !== "text" && one.localName !== "tspan")) one.setAttribute(property, value);
    }
  });
  for (const [name, value] of Object.entries({ x, y, width, height })) copy.setAttribute(name, String(value));
  copy.setAttribute("overflow", "visible");
  return copy;
}

/** The palette's colours as plain values. @param {Element} near @returns {Canvas["role"]} */
export const roleOf = (near) => (name) => {
  const probe = document.createElement("span");
  probe.style.color = `var(--c-${name})`;
  near.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

/** Where a line may end: after a space, and in Chinese after any sign, but not before one that ends something. */
const BREAKS = /(?<= )|(?<=[\p{Script=Han}，。：；、）”])(?![，。：；、）”])/u;

/** A text in lines of a width. @param {string} text @param {number} width @param {string} font */
export function wrap(text, width, font) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.font = font;
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(BREAKS)) {
    const longer = lines.length ? lines[lines.length - 1] + word : word;
    if (lines.length && context.measureText(longer.trimEnd()).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => line.trimEnd());
}

/** The picture as an SVG file. @param {Picture} picture */
export function svgFile({ element, pieces }) {
  const whole = /** @type {SVGSVGElement} */ (element.cloneNode(true));
  for (const { canvas, x, y, width, height } of pieces) if (canvas) whole.append(svg("image", { x, y, width, height, href: canvas.toDataURL("image/png") }));
  return new XMLSerializer().serializeToString(whole);
}

/** Paints the picture where the context has its origin. @param {Picture} picture @param {CanvasRenderingContext2D} context */
export async function paint({ element, pieces, width, height }, context) {
  const image = new Image(width, height);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(element))}`;
  await image.decode();
  context.drawImage(image, 0, 0, width, height);
  // Pictures inside of a picture are not drawn everywhere: a timeline goes on top by itself.
  for (const piece of pieces) if (piece.canvas) context.drawImage(piece.canvas, piece.x, piece.y, piece.width, piece.height);
}

/** The picture as a PNG file. @param {Picture} picture @returns {Promise<Blob>} */
export async function pngFile(picture) {
  const canvas = document.createElement("canvas");
  canvas.width = picture.width * FINE;
  canvas.height = picture.height * FINE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(FINE, FINE);
  await paint(picture, context);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the browser made no picture"))), "image/png"));
}
