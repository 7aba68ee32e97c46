/**
 * Draws a timeline's lanes on a canvas: all of them, or only what is new since the last frame. States differ by height and pattern as
 * well as by colour. Knows pixels, not events of the reader.
 */
import { h, svg } from "./dom.js";

/** @typedef {import("./timeline.js").Phase} Phase */
/** @typedef {import("./timeline.js").Lane} Lane */
/** @typedef {(ms: number) => number} Scale */
/**
 * @typedef {object} Picture
 * @property {number} width  in CSS pixels
 * @property {number} gutter
 * @property {number} axis
 * @property {number} lanes
 * @property {number} laneHeight
 * @property {string[]} stateNames
 * @property {Phase | undefined} phase
 * @property {import("d3-scale").ScaleLinear<number, number>} scale
 * @property {number} untilMs
 * @property {boolean} short  names as numbers only
 * @property {(ms: number) => string} tick
 */

/** How a state looks: its colour's role, how much of the lane it fills, its pattern; `tick` where it is too short to be seen at its true width. */
/** @type {Record<string, {role: string, height: number, tick?: boolean, hatched?: boolean, cross?: boolean}>} */
const LOOKS = {
  starting: { role: "hair", height: 0.2 },
  io: { role: "io", height: 0.44 },
  cpu: { role: "cpu", height: 0.7 },
  waiting: { role: "waiting", height: 0.86, tick: true, hatched: true },
  holding: { role: "holding", height: 1, tick: true },
  done: { role: "done", height: 0.14 },
  stopped: { role: "done", height: 0.14 },
  failed: { role: "failed", height: 0.3, cross: true },
};
/** Never narrower than this, where a state would vanish. */
const TICK = 1.5;

/** A legend of the states that a reader will see. @param {string[]} names @param {Record<string, string>} words @param {string} note */
export function legendFor(names, words, note) {
  const seen = names.filter((name) => LOOKS[name] && !["starting", "stopped"].includes(name));
  return [
    ...seen.map((name) => h("li", null, swatch(name), words[name])),
    h("li", null, note),
  ];
}

/** @param {string} name */
function swatch(name) {
  const { role, height, tick, hatched, cross } = LOOKS[name];
  const colour = `var(--c-${role})`;
  const tall = 12 * height;
  const width = tick ? 5 : 22;
  return svg("svg", { viewBox: "0 0 22 12", "aria-hidden": "true" },
    cross
      ? svg("path", { d: "M6 1L16 11M16 1L6 11", stroke: colour, "stroke-width": 2 })
      : svg("rect", { x: (22 - width) / 2, y: (12 - tall) / 2, width, height: tall, fill: hatched ? "none" : colour, stroke: hatched ? colour : "none", "stroke-dasharray": hatched ? "2 1" : null, "stroke-width": 2 }));
}

/** A canvas with lanes on it. */
export class Paint {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {Picture | null} */
    this.picture = null;
    /** The first event of each lane that may not be drawn to its end yet. @type {number[]} */
    this.next = [];
    /** States in which a lane's worker does nothing more. @type {Set<number>} */
    this.quiet = new Set();
  }

  forget() {
    this.picture = null;
    this.next = [];
  }

  /** Draws everything. @param {Picture} picture */
  all(picture) {
    this.picture = picture;
    const { width, axis, lanes, laneHeight } = picture;
    const height = lanes * laneHeight + axis;
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.colours();
    this.context.clearRect(0, 0, width, height);
    this.names(picture);
    this.axis(picture);
    this.next = Array.from({ length: lanes }, () => 0);
    if (picture.phase) this.more(picture.phase, picture.scale, picture.untilMs, this.quiet);
  }

  /** Resolves the roles' colours, which are light or dark. */
  colours() {
    const probe = h("span", { hidden: true });
    this.canvas.after(probe);
    /** @type {Record<string, string>} */
    const colours = {};
    for (const role of ["ink", "soft", "rule", ...Object.values(LOOKS).map((look) => look.role)]) {
      probe.style.color = `var(--c-${role})`;
      colours[role] = getComputedStyle(probe).color;
    }
    probe.remove();
    this.colour = colours;
    this.looks = (this.picture?.stateNames ?? []).map((name) => LOOKS[name] && { ...LOOKS[name], fill: LOOKS[name].hatched ? this.hatch(colours[LOOKS[name].role]) : colours[LOOKS[name].role] });
    this.quiet = new Set((this.picture?.stateNames ?? []).flatMap((name, i) => (["done", "stopped", "failed"].includes(name) ? [i] : [])));
  }

  /** A pattern for what must not be told by its colour alone. @param {string} colour */
  hatch(colour) {
    const tile = new OffscreenCanvas(4, 4);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext("2d"));
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.beginPath();
    for (const shift of [-4, 0, 4]) {
      context.moveTo(shift, 4);
      context.lineTo(shift + 4, 0);
    }
    context.stroke();
    return this.context.createPattern(tile, "repeat") ?? colour;
  }

  /** @param {Picture} picture */
  names({ lanes, laneHeight, gutter, short }) {
    const { context } = this;
    if (laneHeight < 9) return;
    context.font = `${Math.min(12, laneHeight - 2)}px system-ui, sans-serif`;
    context.fillStyle = this.colour?.soft ?? "";
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (let lane = 0; lane < lanes; lane++) context.fillText(short ? String(lane) : `worker-${lane}`, gutter - 8, (lane + 0.5) * laneHeight);
  }

  /** @param {Picture} picture */
  axis({ width, gutter, lanes, laneHeight, scale, tick }) {
    const { context } = this;
    const top = lanes * laneHeight;
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = this.colour?.soft ?? "";
    context.strokeStyle = this.colour?.rule ?? "";
    context.textBaseline = "top";
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(gutter, top + 0.5);
    context.lineTo(width, top + 0.5);
    for (const ms of scale.ticks(width < 500 ? 3 : 6)) {
      const x = Math.round(scale(ms)) + 0.5;
      context.moveTo(x, top);
      context.lineTo(x, top + 4);
      const text = tick(ms);
      const half = context.measureText(text).width / 2;
      context.textAlign = x + half > width ? "right" : x - half < gutter ? "left" : "center";
      context.fillText(text, Math.min(x, width), top + 6);
    }
    context.stroke();
  }

  /**
   * Draws what has come since.
   * @param {Phase} phase @param {Scale} scale @param {number} untilMs  up to where an unfinished state is drawn @param {Set<number>} quiet
   */
  more(phase, scale, untilMs, quiet) {
    const { picture, looks } = this;
    if (!picture || !looks?.length) return;
    for (let i = 0; i < Math.min(phase.lanes.length, picture.lanes); i++) {
      const lane = phase.lanes[i];
      if (!lane.at.length) continue;
      const first = Math.max(0, this.next[i]);
      if (first === lane.at.length - 1 && quiet.has(lane.state[first]) && this.next[i] > 0) continue;
      this.lane(lane, i, first, scale, untilMs, picture);
      this.next[i] = lane.at.length - 1;
    }
  }

  /** @param {Lane} lane @param {number} row @param {number} first @param {Scale} scale @param {number} untilMs @param {Picture} picture */
  lane(lane, row, first, scale, untilMs, { width, gutter, laneHeight }) {
    const { context } = this;
    const looks = this.looks ?? [];
    const count = lane.at.length;
    let drawnTo = -Infinity;
    // Long states first, so that the ticks lie on top.
    for (let i = first; i < count; i++) {
      const look = looks[lane.state[i]];
      if (!look || look.tick || look.cross) continue;
      const from = scale(lane.at[i]);
      const to = scale(i + 1 < count ? lane.at[i + 1] : untilMs);
      // What ends left of what is drawn already, to a quarter of a pixel, would change nothing.
      if (to < gutter || from > width || to - drawnTo < 0.25) continue;
      this.bar(look, Math.max(gutter, from), Math.min(width, to), row, laneHeight);
      drawnTo = to;
    }
    let lastTick = [-Infinity, -Infinity];
    // The last tick before what is redrawn was painted over by it.
    for (let i = Math.max(0, first - 2); i < count; i++) {
      const look = looks[lane.state[i]];
      if (!look || !(look.tick || look.cross)) continue;
      const from = scale(lane.at[i]);
      if (from < gutter - TICK || from > width) continue;
      if (look.cross) {
        this.cross(look, from, row, laneHeight);
        continue;
      }
      const which = look.hatched ? 0 : 1;
      if (from - lastTick[which] < 0.5) continue;
      lastTick[which] = from;
      const to = scale(i + 1 < count ? lane.at[i + 1] : untilMs);
      this.bar(look, Math.max(gutter, from), Math.min(width, Math.max(to, from + TICK)), row, laneHeight);
    }
    context.globalAlpha = 1;
  }

  /** @param {{fill: string | CanvasPattern, height: number}} look @param {number} from @param {number} to @param {number} row @param {number} laneHeight */
  bar({ fill, height }, from, to, row, laneHeight) {
    const inner = laneHeight > 6 ? laneHeight - 2 : laneHeight - 1;
    const tall = Math.max(1, inner * height);
    this.context.fillStyle = fill;
    this.context.fillRect(from, row * laneHeight + (laneHeight - tall) / 2, Math.max(0.5, to - from), tall);
  }

  /** @param {{fill: string | CanvasPattern}} look @param {number} x @param {number} row @param {number} laneHeight */
  cross({ fill }, x, row, laneHeight) {
    const { context } = this;
    const half = Math.max(3, laneHeight / 2 - 1);
    const y = (row + 0.5) * laneHeight;
    context.strokeStyle = fill;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x - half, y - half);
    context.lineTo(x + half, y + half);
    context.moveTo(x + half, y - half);
    context.lineTo(x - half, y + half);
    context.stroke();
  }
}
