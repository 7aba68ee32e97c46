/**
 * How a figure looks, inside its shadow root. The palette stands here once, for light and for dark; the article takes the same names.
 * An embedding page may set `--lab-serif`, `--lab-sans`, `--lab-mono`, `--lab-accent`, `--lab-paper` and `--lab-ink` on the element.
 */

/** Light and dark, by role. A test computes their contrast against the paper. @type {Record<string, [light: string, dark: string]>} */
export const palette = {
  paper: ["#fbfaf7", "#16171a"],
  ink: ["#1d1c1a", "#ecebe6"],
  soft: ["#5b5852", "#a9a69e"],
  rule: ["#8f8a80", "#6f6d68"],
  hair: ["#e2ded5", "#2c2d31"],
  accent: ["#0b5cad", "#7cb8f2"],
  io: ["#5f8fbb", "#3f6f96"],
  cpu: ["#2a6f4e", "#5fc08d"],
  waiting: ["#d1495b", "#ff7a85"],
  holding: ["#1d1c1a", "#ffffff"],
  done: ["#8f8a80", "#6f6d68"],
  failed: ["#7a1f6b", "#e08ad4"],
  master: ["#b5740a", "#e3a53c"],
};

const roles = Object.entries(palette).map(([role, [light, dark]]) => `--c-${role}: var(--lab-${role}, light-dark(${light}, ${dark}));`).join("\n  ");

/** Of a figure. */
export const style = `
:host {
  color-scheme: light dark;
  ${roles}
  --serif: var(--lab-serif, ui-serif, "Iowan Old Style", Charter, Georgia, "Noto Serif", serif);
  --sans: var(--lab-sans, system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif);
  --mono: var(--lab-mono, ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace);
  display: block;
  color: var(--c-ink);
  background: var(--c-paper);
  font: 15px/1.45 var(--sans);
  font-variant-numeric: tabular-nums;
  text-align: start;
  container-type: inline-size;
}
:host([hidden]) { display: none }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
* { box-sizing: border-box }
p, dl, dd, figure, fieldset { margin: 0; padding: 0; border: 0; min-width: 0 }
.figure { display: grid; gap: 12px; padding: 12px 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
.title { font-size: 13px; letter-spacing: .02em; color: var(--c-soft) }
.title b { color: var(--c-ink); font-weight: 600 }
.question { font: 400 22px/1.3 var(--serif); text-wrap: balance }
.above { display: grid; gap: 12px 20px; grid-template-columns: minmax(0, 1fr) auto; align-items: end }
.controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); gap: 8px 20px }
.control { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 8px; align-items: baseline; position: relative; align-content: start }
.control label { font-size: 13px; color: var(--c-soft); white-space: nowrap }
.control input[type=number] { width: calc(var(--digits) * 1ch + 30px); text-align: right }
input, select, button { font: inherit; color: inherit }
input[type=number], select { min-height: 28px; padding: 2px 4px; background: transparent; border: 0; border-bottom: 1px solid var(--c-rule); border-radius: 0 }
select { background: var(--c-paper); width: 100%; grid-column: 1 / -1 }
input[aria-invalid], select[aria-invalid] { border-bottom: 2px solid var(--c-failed) }
.slide { grid-column: 1 / -1; position: relative; display: block; padding-bottom: 12px }
input[type=range] { width: 100%; height: 28px; margin: 0; accent-color: var(--c-accent); cursor: pointer; touch-action: pan-y }
.marks { position: absolute; inset: auto 8px 0; height: 14px; pointer-events: none }
.mark { position: absolute; left: calc(var(--at) * 100%); font-size: 11px; line-height: 12px; color: var(--c-soft); white-space: nowrap; padding-left: 3px; border-left: 1px solid var(--c-rule) }
.wrong { grid-column: 1 / -1; color: var(--c-failed); font-size: 13px; overflow-wrap: anywhere }
.wrong:empty { display: none }
fieldset[disabled] .control { opacity: .55 }
button { cursor: pointer; background: none; border: 0; padding: 4px 0; min-height: 28px; color: var(--c-accent); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px }
button:disabled { color: var(--c-soft); text-decoration: none; cursor: default }
button.run { min-width: 112px; min-height: 48px; padding: 8px 20px; border-radius: 6px; background: var(--c-accent); color: var(--c-paper); text-decoration: none; font-weight: 600; font-size: 17px }
button.run:disabled { background: var(--c-hair); color: var(--c-soft) }
button.run.stop { background: var(--c-paper); color: var(--c-ink); box-shadow: inset 0 0 0 2px var(--c-ink) }
:focus-visible { outline: 2px solid var(--c-accent); outline-offset: 2px; border-radius: 2px }
.presets { display: flex; flex-wrap: wrap; gap: 0 20px; align-items: baseline; font-size: 14px; color: var(--c-soft) }
.state { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 20px; min-height: 44px; align-content: start }
.state progress { grid-column: 1 / -1; width: 100%; height: 4px; appearance: none; border: 0; background: var(--c-hair); accent-color: var(--c-accent) }
.state progress::-webkit-progress-bar { background: var(--c-hair) }
.state progress::-webkit-progress-value { background: var(--c-accent) }
.state progress::-moz-progress-bar { background: var(--c-accent) }
.state .count { color: var(--c-soft); text-align: end }
.said { overflow-wrap: anywhere }
.said[data-kind=wrong] { color: var(--c-failed) }
.said a, footer a { color: var(--c-accent) }
.live { position: relative }
.timeline { position: relative; display: grid; gap: 4px }
.timeline .stage { position: relative; border-top: 1px solid var(--c-hair); border-bottom: 1px solid var(--c-hair) }
.timeline canvas { display: block; width: 100%; touch-action: pan-y }
.timeline .now { position: absolute; inset: 0 auto 20px 0; width: 1px; background: var(--c-ink); pointer-events: none; will-change: transform }
.timeline .cursor { position: absolute; inset: 0 auto 20px 0; width: 1px; background: var(--c-accent); pointer-events: none }
.phases { display: flex; flex-wrap: wrap; gap: 0 20px }
.phases button[aria-pressed=true] { color: var(--c-ink); text-decoration: none; font-weight: 600 }
.readout { min-height: 21px; font-size: 13px; color: var(--c-soft) }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 13px; color: var(--c-soft); list-style: none; padding: 0; margin: 0 }
.legend svg { width: 22px; height: 12px; vertical-align: -1px; margin-right: 6px }
.recorded .stage, .recorded .results { opacity: .62 }
.tag { font-size: 13px; color: var(--c-soft); border-left: 3px solid var(--c-master); padding-left: 8px }
.tag:empty { display: none }
.results { display: grid; gap: 12px }
.verdict { font: 400 18px/1.5 var(--serif); max-width: 68ch; text-wrap: pretty }
.verdict + .verdict { margin-top: -4px }
.warning { border-left: 3px solid var(--c-master); padding-left: 8px; font-size: 14px; max-width: 68ch }
.wide { overflow-x: auto; max-width: 100% }
table { border-collapse: collapse; width: 100%; font-size: 14px }
caption { text-align: start; color: var(--c-soft); font-size: 13px; padding-bottom: 4px }
th, td { text-align: start; font-weight: 400; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--c-hair); white-space: nowrap }
thead th { color: var(--c-soft); font-size: 13px; vertical-align: bottom; border-bottom-color: var(--c-rule) }
th.right, td.right { text-align: end; padding: 5px 0 5px 12px }
details { border-top: 1px solid var(--c-hair); padding: 4px 0 }
summary { cursor: pointer; color: var(--c-accent); min-height: 28px; padding: 4px 0; font-size: 14px }
pre { font: 13px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0 8px; padding: 0 }
.chart { display: block; width: 100%; height: auto; overflow: visible }
.chart text { font: 13px var(--sans); fill: var(--c-soft) }
.chart .name { fill: var(--c-ink) }
.chart .axis { stroke: var(--c-rule); stroke-width: 1 }
.chart .grid { stroke: var(--c-hair); stroke-width: 1 }
footer { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: baseline; justify-content: space-between; font-size: 13px; color: var(--c-soft); border-top: 1px solid var(--c-hair); padding-top: 8px; min-height: 44px }
footer .links { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: baseline }
footer .links a { min-height: 28px; padding: 4px 0; display: inline-block; text-underline-offset: 3px }
@container (max-width: 620px) {
  .above { grid-template-columns: minmax(0, 1fr) }
  .controls { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 4px 16px }
  button.run { width: 100% }
  .question { font-size: 20px }
  th, td { padding-right: 8px }
}
@container (max-width: 300px) { .controls { grid-template-columns: minmax(0, 1fr) } }
@media (forced-colors: active) {
  button.run { border: 2px solid ButtonText; forced-color-adjust: auto }
  .timeline .now { background: CanvasText }
  .mark, .tag, .warning { border-color: CanvasText }
}
@media (prefers-reduced-motion: no-preference) { button.run { transition: background-color .12s } }
@media print { .above, .phases, .presets, footer .links, button { display: none } }
`;

/** @type {CSSStyleSheet | undefined} */
let sheet;

/** The style as a sheet that all figures of a page share. */
export function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
  }
  return sheet;
}
