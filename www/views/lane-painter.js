/**
 * Draws a timeline's lanes on a canvas: all of them, or only what is new since the last frame. States differ by height and pattern as
 * well as by colour.
 */
import { h } from "./dom.js";
import { BEAT, STYLES } from "./state-styles.js";
import { lastBefore } from "./lanes.js";

/** @typedef {import("./timeline.js").Phase} Phase */
/** @typedef {import("./timeline.js").Lane} Lane */
/** @typedef {import("./state-styles.js").StateStyle} StateStyle */
/** @typedef {StateStyle & {fill: string | CanvasPattern, alpha: number}} Painted */
/**
 * @typedef {object} Picture
 * @property {number} width  in CSS pixels, as all that follows
 * @property {number} gutter  where lanes begin
 * @property {number} head  where lanes begin below the upper edge: above are the bands' names
 * @property {number} axis  the axis' height
 * @property {number} lanes
 * @property {number} laneHeight
 * @property {string[]} stateNames
 * @property {Phase | undefined} phase
 * @property {import("./scale.js").Scale} scale  from ms
 * @property {number} untilMs  up to where an unfinished state is drawn
 * @property {boolean} short  names as numbers only
 * @property {(lane: number) => {name: string, short: string}} nameOf  what a lane without a name of its own is called
 * @property {(ms: number, stepMs: number) => string} tick
 */

/** Never narrower than this, where a state would vanish. */
const TICK = 1.5;
/** What ends left of what is drawn already, to this part of a pixel, would change nothing. */
const SAME = 0.25;
/** So much room a lane's name needs: where lanes are lower, not each is named. */
const NAMED = 12;
/** Where the axis' first tick is this many steps from zero, the others count from it: "+10 µs" can be read, "503.210 ms" can't. */
const FAR = 100;
const FONT = 12;
/** A beat's width, and how much room a band's name needs at least. */
const BEAT_WIDTH = 2;
const BAND_ROOM = 12;
/** What is not lit, where something is. */
const PALE = 0.2;
/** So long after its last beat, in ms, a lane is drawn as if it went on; longer, and nobody knows. */
const SILENCE_MS = 100;

/** A canvas with lanes on it. */
export class LanePainter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    /** @type {Picture | null} */
    this.picture = null;
    /** The first event of each lane that may not be drawn to its end yet. @type {number[]} */
    this.next = [];
    /** The first beat of each lane, and the first band, that is not drawn yet. @type {number[]} */
    this.nextBeat = [];
    this.nextBand = 0;
    /** Up to where bands' names reach. */
    this.named = 0;
    /** When the phase ended, once it is drawn to its end. @type {number | null} */
    this.drawnMs = null;
    /** By state's number. @type {(Painted | undefined)[]} */
    this.styles = [];
    /** @type {Record<string, string>} */
    this.colour = {};
    this.family = "";
    /** Light or dark, where that is not as the page has it. */
    this.scheme = "";
    this.across = 1;
    this.down = 1;
  }

  reset() {
    this.picture = null;
    this.next = [];
  }

  /** Draws everything. @param {Picture} picture @param {number[]} density  the canvas' own pixels to a CSS pixel, across and down */
  drawAll(picture, [across, down]) {
    this.picture = picture;
    const { width, head, axis, lanes, laneHeight } = picture;
    const height = head + lanes * laneHeight + axis;
    this.across = across;
    this.down = down;
    this.canvas.width = Math.round(width * across);
    this.canvas.height = Math.round(height * down);
    this.context.setTransform(across, 0, 0, down, 0, Math.round(head * down));
    this.resolveStyles(picture.stateNames);
    this.axis(picture);
    this.names(picture);
    this.next = [...Array(lanes)].map(() => 0);
    this.nextBeat = [...Array(lanes)].map(() => 0);
    this.nextBand = this.named = 0;
    this.drawnMs = null;
    if (picture.phase) this.drawNew(picture.phase, picture.untilMs);
  }

  /** Resolves the roles' colours, which are light or dark, and the font, which an author may have chosen. @param {string[]} stateNames */
  resolveStyles(stateNames) {
    const probe = h("span", { hidden: true });
    probe.style.colorScheme = this.scheme;
    // Where a reader has chosen colours, all text would have one of them; the roles have several.
    probe.style.setProperty("forced-color-adjust", "none");
    this.canvas.after(probe);
    /** @param {string} role */
    const colourOf = (role) => {
      probe.style.color = `var(--c-${role})`;
      return getComputedStyle(probe).color;
    };
    this.colour = { soft: colourOf("soft"), rule: colourOf("rule"), hair: colourOf("hair") };
    // What the page's words say is lit stands out (light.js).
    const { lit = "" } = /** @type {HTMLElement | null} */ (this.canvas.parentElement)?.dataset ?? {};
    const pale = stateNames.includes(lit) ? PALE : 1;
    this.styles = stateNames.map((name) => {
      const style = STYLES[name];
      const colour = style && colourOf(style.role);
      return style && { ...style, fill: style.hatched ? this.hatch(colour) : colour, alpha: name === lit ? 1 : pale };
    });
    this.family = getComputedStyle(probe).fontFamily;
    probe.remove();
  }

  /** A pattern for what must not be told by its colour alone. @param {string} colour */
  hatch(colour) {
    const tile = h("canvas", { width: Math.round(4 * this.across), height: Math.round(4 * this.down) });
    const [across, down] = [tile.width / 4, tile.height / 4];
    const context = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
    context.scale(across, down);
    context.strokeStyle = colour;
    context.lineWidth = 1.6;
    context.beginPath();
    for (const shift of [-4, 0, 4]) {
      context.moveTo(shift - 1, 5);
      context.lineTo(shift + 5, -1);
    }
    context.stroke();
    const pattern = this.context.createPattern(tile, "repeat");
    pattern?.setTransform(new DOMMatrix().scale(1 / across, 1 / down));
    return pattern ?? colour;
  }

  /** @param {Picture} picture */
  names({ lanes, laneHeight, gutter, short, nameOf, phase }) {
    const { context } = this;
    context.font = `${FONT - 1}px ${this.family}`;
    context.fillStyle = this.colour.soft;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (let lane = 0; lane < lanes; lane += Math.ceil(NAMED / laneHeight)) {
      const said = { ...nameOf(lane), ...phase?.lanes[lane] };
      context.fillText(short ? said.short : said.name, gutter - 8, (lane + 0.5) * laneHeight + 0.5);
    }
  }

  /** @param {Picture} picture */
  axis({ width, gutter, lanes, laneHeight, scale, tick }) {
    const { context } = this;
    const bottom = lanes * laneHeight;
    const ticks = scale.ticks(width < 500 ? 3 : 6);
    const step = (ticks[1] ?? 2 * ticks[0]) - ticks[0] || 1;
    const far = ticks[0] / step > FAR;
    context.font = `${FONT}px ${this.family}`;
    context.textBaseline = "top";
    ticks.forEach((ms, i) => {
      const x = Math.round(scale(ms));
      context.fillStyle = this.colour.hair;
      context.fillRect(x, 0, 1, bottom);
      context.fillStyle = this.colour.rule;
      context.fillRect(x, bottom, 1, 4);
      context.fillStyle = this.colour.soft;
      const text = far && i > 0 ? `+${tick(ms - ticks[0], step)}` : tick(ms, step);
      const half = context.measureText(text).width / 2;
      context.textAlign = x + half > width ? "right" : x - half < gutter ? "left" : "center";
      context.fillText(text, Math.min(x, width), bottom + 7);
    });
    context.fillStyle = this.colour.rule;
    context.fillRect(gutter, bottom, width - gutter, 1);
  }

  /** Draws what has come since. @param {Phase} phase @param {number} untilMs  up to where an unfinished state is drawn */
  drawNew(phase, untilMs) {
    const { picture } = this;
    // What is over has nothing new, and to draw its end again would take part of what is measured next.
    if (!picture || (phase.endMs !== null && phase.endMs === this.drawnMs)) return;
    this.drawnMs = phase.endMs;
    this.bands(phase, picture);
    for (let row = 0; row < Math.min(phase.lanes.length, picture.lanes); row++) {
      const lane = phase.lanes[row];
      this.beats(lane, row, picture);
      const last = lane.at.length - 1;
      const first = this.next[row];
      // Nothing new, and the last state goes no further while the run lasts.
      if (last < 0 || (first === last && first > 0 && this.styles[lane.state[last]]?.final && phase.endMs === null)) continue;
      this.lane(lane, row, first, untilMs, picture);
      this.next[row] = last;
    }
  }

  /** Where one part of the phase ends and another begins: a line, and the name of what begins. @param {Phase} phase @param {Picture} picture */
  bands({ bands }, { scale, width, gutter, head, lanes, laneHeight }) {
    if (!bands) return;
    const { context } = this;
    context.font = `${FONT}px ${this.family}`;
    context.textAlign = "left";
    context.textBaseline = "top";
    for (; this.nextBand < bands.at.length; this.nextBand++) {
      const i = this.nextBand;
      const x = Math.round(scale(bands.at[i]));
      const next = i + 1 < bands.at.length ? scale(bands.at[i + 1]) : Infinity;
      if (next < gutter || x > width) continue;
      context.fillStyle = this.colour.rule;
      if (x >= gutter) context.fillRect(x, -head, 1, head + lanes * laneHeight);
      const left = Math.max(x, gutter) + 5;
      const room = Math.min(width, next) - left;
      const name = bands.names[i];
      if (left < this.named || context.measureText(name).width > room) continue;
      context.fillStyle = this.colour.soft;
      context.fillText(name, left, -head + 1);
      this.named = left + context.measureText(name).width + BAND_ROOM;
    }
  }

  /** Signs of life, along a lane's lower edge. @param {Lane} lane @param {number} row @param {Picture} picture */
  beats({ beats }, row, { scale, width, gutter, laneHeight }) {
    if (!beats) return;
    const { across, down } = this;
    const tall = Math.max(1, Math.round(laneHeight * BEAT.height * down) / down);
    const top = Math.round((row + 1) * laneHeight * down) / down - tall;
    this.context.fillStyle = this.colour.rule;
    for (; this.nextBeat[row] < beats.length; this.nextBeat[row]++) {
      const x = Math.round(scale(beats[this.nextBeat[row]]) * across) / across;
      if (x >= gutter && x < width) this.context.fillRect(x, top, BEAT_WIDTH, tall);
    }
  }

  /** @param {Lane} lane @param {number} row @param {number} first @param {number} untilMs @param {Picture} picture */
  lane(lane, row, first, untilMs, { scale, width, gutter, laneHeight }) {
    const { at, state, beats } = lane;
    const knownMs = (beats?.at(-1) ?? Infinity) + SILENCE_MS;
    const [fromMs, toMs] = scale.domain;
    const from = Math.max(first, lastBefore(at, fromMs));
    const end = lastBefore(at, toMs) + 1;
    /** Where a state ends, in ms. @param {number} i */
    const ended = (i) => at[i + 1] ?? untilMs;
    /** Whether anything but a death follows. @param {number} i */
    const goesOn = (i) => i + 1 < at.length && !this.styles[state[i + 1]]?.cross;
    let drawnTo = -Infinity;
    // Long states first, so that the ticks lie on top.
    for (let i = from; i < end; i++) {
      const style = this.styles[state[i]];
      if (!style || style.tick || style.cross) continue;
      // Nobody knows what a silent worker did after its last heartbeat.
      const right = scale(goesOn(i) ? ended(i) : Math.max(at[i], Math.min(ended(i), knownMs)));
      if (right < gutter || right - drawnTo < SAME) continue;
      this.bar(style, Math.max(gutter, scale(at[i])), Math.min(width, right), row, laneHeight);
      drawnTo = right;
    }
    const drawn = { waiting: -Infinity, others: -Infinity };
    // What was painted over is painted again: the last ticks before, which may reach into what is new.
    for (let i = Math.max(0, from - 2); i < end; i++) {
      const style = this.styles[state[i]];
      if (!style || !(style.tick || style.cross)) continue;
      const x = scale(at[i]);
      const right = Math.max(scale(ended(i)), x + TICK);
      if (right < gutter) continue;
      const which = style.hatched ? "waiting" : "others";
      if (style.cross) this.cross(style, x, row, laneHeight);
      else if (right - drawn[which] >= SAME) {
        this.bar(style, Math.max(gutter, x), Math.min(width, right), row, laneHeight);
        drawn[which] = right;
      }
    }
  }

  /** @param {Painted} style @param {number} from @param {number} to @param {number} row @param {number} laneHeight */
  bar({ fill, height, alpha }, from, to, row, laneHeight) {
    const { down } = this;
    const inner = laneHeight > 6 ? laneHeight - 2 : laneHeight - 1;
    // On whole device pixels, or its edges are grey.
    const tall = Math.max(1, Math.round(inner * height * down) / down);
    const top = Math.round((row * laneHeight + (laneHeight - tall) / 2) * down) / down;
    this.context.globalAlpha = alpha;
    this.context.fillStyle = fill;
    this.context.fillRect(from, top, Math.max(0.5, to - from), tall);
    this.context.globalAlpha = 1;
  }

  /** @param {Painted} style @param {number} x @param {number} row @param {number} laneHeight */
  cross({ fill }, x, row, laneHeight) {
    const { context } = this;
    const half = Math.max(3, laneHeight / 2 - 2);
    const middle = Math.min(x, (this.picture?.width ?? Infinity) - 2 * half - 1) + half;
    const y = (row + 0.5) * laneHeight;
    context.strokeStyle = fill;
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(middle - half, y - half);
    context.lineTo(middle + half, y + half);
    context.moveTo(middle + half, y - half);
    context.lineTo(middle - half, y + half);
    context.stroke();
  }
}
