/** What the SVG charts share: they fit their width, and d3 draws their axes. Knows no data. */
import { axisBottom } from "d3-axis";
import { select } from "d3-selection";
import { pause } from "../pause.js";
import { h, svg } from "./dom.js";

/** @typedef {import("d3-scale").ScaleLinear<number, number> | import("d3-scale").ScaleLogarithmic<number, number>} Scale */
/** @typedef {{height: number, label: string, parts: (SVGElement | null | false)[], role?: string}} Drawing  `role`: "none" where the parts speak for themselves */

/**
 * A chart that is drawn anew for each width.
 * @template Data
 * @param {string} kind  its class
 * @param {(data: Data, width: number) => Drawing} draw
 */
export function makeChart(kind, draw) {
  const element = h("div", { class: `chart ${kind}` });
  /** @type {Data | undefined} */
  let data;
  let drawn = 0;
  const redraw = () => {
    const width = Math.round(element.getBoundingClientRect().width);
    if (!width || data === undefined) return;
    drawn = width;
    const { height, label, parts, role = "img" } = draw(data, width);
    element.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role, "aria-label": role === "img" ? label : null }, parts));
    fit(element, width);
  };
  // The first time each chart has a task of its own: with all that comes with it, one task would keep a reader's press waiting.
  const soon = () => void pause().then(() => drawn || redraw());
  const observer = new ResizeObserver(() => (!drawn ? soon() : Math.round(element.getBoundingClientRect().width) !== drawn && redraw()));
  observer.observe(element);
  return {
    element,
    /** @param {Data} now */
    show(now) {
      data = now;
      if (drawn) redraw();
      else soon();
    },
    destroy: () => observer.disconnect(),
  };
}

/**
 * Makes texts narrower that would stick out: SVG breaks no lines, and some language is always longer than the room that another one needs.
 * @param {HTMLElement} element @param {number} width
 */
function fit(element, width) {
  const left = element.getBoundingClientRect().left;
  // All is measured before anything is changed: one layout, not one a text.
  const long = [...element.querySelectorAll("text")].map((text) => ({ text, box: text.getBoundingClientRect() })).filter(({ box }) => box.width > 0 && (box.left < left - 1 || box.right > left + width + 1));
  for (const { text, box } of long) {
    const over = Math.max(0, left - box.left) + Math.max(0, box.right - left - width);
    // A text in its middle loses as much on its other side.
    const most = box.width - over * (getComputedStyle(text).textAnchor === "middle" ? 2 : 1);
    if (most < box.width / 3) continue;
    text.setAttribute("textLength", String(Math.floor(most)));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

/**
 * An axis below a chart.
 * @param {Scale} scale @param {number} y @param {{ticks: number, values?: number[], format: (value: number, step: number) => string, grid?: number}} options  `values`: where its ticks are, instead of about so many; `grid`: how far up its lines go
 */
export function axis(scale, y, { ticks, values, format, grid = 0 }) {
  const group = svg("g", { class: "axis", transform: `translate(0 ${y})`, "aria-hidden": "true" });
  const [first = 0, second = first] = values ?? scale.ticks(ticks);
  const made = axisBottom(scale).ticks(ticks).tickFormat((value) => format(Number(value), second - first || 1)).tickSizeInner(4).tickSizeOuter(0).tickPadding(5);
  if (values) made.tickValues(values);
  const drawn = select(group).call(made);
  if (grid) drawn.selectAll(".tick").insert("line", ":first-child").attr("class", "grid").attr("y2", -grid);
  return group;
}
