/** The room that a figure takes before it is there, so that nothing on the page moves when it comes. article.css keeps the same. */

import { adoptStyles } from "../sheets.js";

/** @typedef {import("../shell/manifest.js").Heights} Heights */

/** By figure, and by slice within; "" is the whole figure. The bundler knows them. @type {Record<string, Record<string, Heights>>} */
// @ts-ignore: defined by the bundler
const HEIGHTS = LAB_HEIGHTS;

/** From this width on a figure has the height of a wide one; below it, so much more for each px that is missing, up to the height on a phone. In px. */
const FULL = 676;
const SLOPE = 4;

/** What a frame's page has beside its figure, in px: its margins. */
export const MARGINS = 24;

/** @param {string} figure @param {string} show @returns {Heights} */
function heightsOf(figure, show) {
  const heights = Object.hasOwn(HEIGHTS, figure) ? HEIGHTS[figure] : Object.values(HEIGHTS)[0];
  return Object.hasOwn(heights, show) ? heights[show] : heights[""];
}

/** The same as a length in CSS, by the width of the container that it stands in: no style in a line of HTML asks for widths, but a length may. @param {Heights} heights @param {number} [beside]  what of that width is not the figure's @param {string} [width] */
export const roomFor = ([wide, narrow], beside = 0, width = "100cqi") => `max(${wide}px, min(${narrow}px, ${wide}px + (${FULL + beside}px - ${width}) * ${SLOPE}))`;

/** That of a figure itself. The page of a frame tells its width. @param {Heights} heights */
export const ownRoomFor = (heights) => roomFor(heights, 0, "var(--lock-lab-width, 100cqi)");

/** That of a frame, which has to have room for a line more than a figure that grows with its texts: where it had a bar for a moment, and on the smallest phones. @param {Heights} heights */
export const frameRoomFor = (heights) => `calc(${roomFor(heights, MARGINS + 8)} + max(0px, (390px - 100cqi) * 2))`;

/**
 * What stands in an element until its figure's parts have come: room; and on paper, for a page may be printed before it was scrolled to, what the author
 * has put inside, or a link, with the figure's picture where it is the first of its figure or all of it. A browser's search finds the text in it, and a text that is only to be found ("text").
 * @param {HTMLElement} element @param {string} figure @param {string} show  the slice, or "" @param {string} folder @param {number} beside  what of its width will not be the figure's
 */
export function keepRoom(element, figure, show, folder, beside) {
  const root = /** @type {ShadowRoot} */ (element.shadowRoot);
  if (root.hasChildNodes()) return;
  adoptStyles(root, [`
    :host { display: block; container-type: inline-size; contain-intrinsic-inline-size: 360px }
    :host([hidden]) { display: none }
    div { height: ${roomFor(heightsOf(figure, show), beside)} }
    slot, img { display: block; width: 100%; height: auto }
    @media print { :host { container-type: normal; min-height: 0 !important } div { height: auto } section { display: block; content-visibility: visible } [name] { display: none } }`]);
  const [room, section, text, slot, link, picture] = ["div", "section", "slot", "slot", "a", "img"].map((name) => document.createElement(name));
  section.setAttribute("hidden", "until-found");
  text.setAttribute("name", "text");
  // What is not shown is never near: it is fetched for paper only. By the attribute: the figure's own style comes before its parts do.
  Object.assign(picture, { loading: "lazy", alt: "", width: 1200, height: 630, src: `${folder}cards/${figure}.png` });
  Object.assign(link, { href: `${folder}index.html?figure=${figure}${show && `&show=${show}`}` });
  const isFirst = element.ownerDocument.querySelector(`lock-lab[figure="${CSS.escape(figure)}"]`) === element;
  link.append(...(show && !isFirst ? [] : [picture]), `Lock Lab: ${figure}`);
  slot.append(link);
  section.append(text, slot);
  room.append(section);
  root.append(room);
}

/** @param {string} figure @param {string} show @param {number} width */
export function heightOf(figure, show, width) {
  const [wide, narrow] = heightsOf(figure, show);
  return Math.max(wide, Math.min(narrow, wide + (FULL - width) * SLOPE));
}
