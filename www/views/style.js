/**
 * How a figure looks, inside its shadow root. The palette stands here once, for light and for dark; the article takes the same names.
 *
 * docs/api.md has what an embedding page may set on the element, or anywhere above it: `--lock-lab-font` and its like, and every
 * role of the palette below as `--lock-lab-ROLE`.
 */
import { charts } from "./style-charts.js";
import { share } from "./style-share.js";
import { media } from "./style-media.js";

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

const roles = Object.entries(palette).map(([role, [light, dark]]) => `--c-${role}: var(--lock-lab-${role}, light-dark(${light}, ${dark}));`).join("\n  ");

/** Of a figure. Sizes of type are 13, 15, 18 and 22 px; space is 4, 8, 12, 20, 32 px. */
export const style = `
:host {
  ${roles}
  --serif: var(--lock-lab-reading-font, ui-serif, "Iowan Old Style", Charter, Georgia, "Noto Serif", serif);
  --sans: var(--lock-lab-font, system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif);
  --mono: var(--lock-lab-mono-font, ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono", monospace);
  display: block;
  background: var(--c-paper);
  container-type: inline-size;
  /* Where the width goes by what is inside, as in a float or a cell. */
  contain-intrinsic-inline-size: 360px;
}
:host([hidden]) { display: none }
:host(:fullscreen) { overflow: auto }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
* { box-sizing: border-box }
/* Shadow trees inherit: nothing that the page says of its texts holds from here on, only what decides whether a figure is there at all. */
.figure {
  all: initial;
  display: block;
  visibility: inherit;
  pointer-events: inherit;
  color-scheme: inherit;
  user-select: text;
  -webkit-user-select: text;
  text-size-adjust: 100%;
  -webkit-text-size-adjust: 100%;
  box-sizing: border-box;
  padding: 8px 0 4px;
  color: var(--c-ink);
  font: 15px/1.4 var(--sans);
  font-variant-numeric: tabular-nums;
}
[hidden] { display: none }
p, ul, fieldset, pre { margin: 0; padding: 0; border: 0; min-width: 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
:focus-visible { outline: 2px solid var(--c-accent); outline-offset: 2px; border-radius: 2px }

.figure:lang(zh) { --serif: var(--lock-lab-reading-font, Georgia, "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Serif SC", serif); line-break: strict }

.title { font-size: 13px; color: var(--c-soft) }
.title b { color: var(--c-ink); font-weight: 600; margin-inline-end: 4px }
.question { font: 400 18px/26px var(--serif); min-height: 26px; text-wrap: balance }

input, select, button { font: inherit; color: inherit }
.controls { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 8px 20px }
.control { display: grid; grid-template-columns: fit-content(65%) minmax(0, 1fr); grid-template-rows: minmax(26px, auto) 24px auto; gap: 0 8px; align-items: center; align-content: start }
.control.choice { grid-template-columns: minmax(0, 1fr) }
.control output { justify-self: end }
.control[hidden] { display: none }
.control label { font-size: 13px; line-height: 1.2; color: var(--c-soft); overflow-wrap: anywhere }
input[type=number], select { height: 26px; padding: 0 2px; background: var(--c-paper); border: 0; border-bottom: 1px solid var(--c-rule); border-radius: 0 }
input[type=number] { width: min(100%, var(--digits) * 1ch + 6px); min-width: 36px; justify-self: end; text-align: end; appearance: textfield; -moz-appearance: textfield }
input[type=number]::-webkit-inner-spin-button { appearance: none; display: none }
select { width: 100%; grid-column: 1 / -1; text-overflow: ellipsis }
input[aria-invalid], select[aria-invalid] { border-bottom: 2px solid var(--c-failed) }
.slide { grid-column: 1 / -1; display: block }
input[type=range] { display: block; width: 100%; height: 24px; margin: 0; accent-color: var(--c-accent); cursor: pointer; touch-action: pan-y pinch-zoom }
.marks { grid-column: 1 / -1; position: relative; display: block; height: 14px; margin: 0 8px; font-size: 12px; line-height: 14px; color: var(--c-soft); white-space: nowrap }
.marks:empty { display: none }
.marks .mark { position: absolute; inset-inline-start: calc(var(--at) * 100%); padding-inline-start: 4px; border-inline-start: 1px solid var(--c-rule) }
.marks .note { margin: 0 -8px }
.why { grid-column: 1 / -1; color: var(--c-soft); font-size: 13px; line-height: 1.3 }
.wrong { grid-column: 1 / -1; color: var(--c-failed); font-size: 13px; overflow-wrap: anywhere }
.wrong:empty { display: none }
fieldset[disabled] .control { opacity: .55 }

button { cursor: pointer; background: none; border: 0; padding: 4px 0; min-height: 28px; min-width: 24px; color: var(--c-accent); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px }
button:disabled { color: var(--c-soft); text-decoration: none; cursor: default }
/* Folds stand in a line, and what is in an open one below it. */
.line { display: flex; flex-wrap: wrap; gap: 0 20px; align-items: baseline; color: var(--c-soft) }
.line > details { display: contents }
.line > details::details-content { order: 1; flex: 0 0 100%; min-width: 0; color: var(--c-ink) }
.line > details[hidden] { display: none }
@supports not selector(::details-content) {
  .line > details { display: block }
  .line > details[open] { order: 1; flex: 0 0 100%; min-width: 0 }
}
.inside { border-top: 1px solid var(--c-hair); padding: 8px 0; display: grid; gap: 8px; grid-template-columns: minmax(0, 1fr); justify-items: start }
.inside > * { width: 100% }
.more > summary { flex: 1 1 124px; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.more summary .soft { margin-inline-start: 8px }
.presets button[aria-pressed=true] { color: var(--c-ink); text-decoration-color: transparent; font-weight: 600 }
.presets button { display: inline-grid; justify-items: start; text-align: start }
.presets button::after, .phases button::after, .tabs button::after { content: attr(data-bold); height: 0; overflow: hidden; visibility: hidden; font-weight: 600 }

.start { display: grid; grid-template-columns: 136px minmax(0, 1fr); gap: 8px 20px; align-items: center; margin-top: 8px }
button.run { min-height: 48px; padding: 4px 8px; border-radius: 6px; background: var(--c-accent); color: var(--c-paper); text-decoration: none; font-weight: 600; font-size: 18px; white-space: nowrap }
button.run:hover:enabled { background: color-mix(in oklab, var(--c-accent), var(--c-ink) 15%) }
button.run:disabled { background: var(--c-hair); color: var(--c-soft) }
button.run.stop, button.run.stop:hover:enabled { background: var(--c-paper); color: var(--c-ink); border: 2px solid var(--c-ink) }
button.run.stop:disabled { border-color: var(--c-rule); color: var(--c-soft) }
.state { display: grid; grid-template: 1fr 18px / minmax(0, 1fr) minmax(0, 36%); gap: 0 20px; min-height: 54px; font-size: 14px; line-height: 18px }
.said { overflow-wrap: anywhere }
.said[data-kind=wrong] { color: var(--c-failed) }
.count { color: var(--c-soft) }
.said a, footer a { color: var(--c-accent) }
progress { display: block; margin-top: 6px; width: 100%; height: 4px; appearance: none; border: 0; border-radius: 2px; overflow: hidden; background: var(--c-hair); accent-color: var(--c-accent) }
progress[hidden] { display: block; visibility: hidden }
progress::-webkit-progress-bar { background: var(--c-hair) }
progress::-webkit-progress-value { background: var(--c-accent) }
progress::-moz-progress-bar { background: var(--c-accent) }

.live { margin-top: 8px; position: relative }
/* The bar is there while something runs, the label of a recorded run while nothing has: in the same place. */
.tag, progress { grid-area: 2 / 1 / 3 / -1; align-self: start }
.said, .count { align-self: start }
.tag { font-size: 13px; line-height: 18px; min-height: 18px; color: var(--c-soft) }
.running .tag { visibility: hidden }
.tag b { color: var(--c-ink); font-weight: 600 }
.phases, .tabs { display: flex; flex-wrap: wrap; gap: 0 20px }
.phases button { display: inline-grid; text-decoration: none; border-bottom: 2px solid transparent; padding: 4px 0 2px }
.phases button:hover:enabled { border-bottom-color: var(--c-hair) }
.phases button[aria-pressed=true] { color: var(--c-ink); font-weight: 600; border-bottom-color: var(--c-ink) }
.stage { position: relative; overflow: hidden; background-color: var(--c-paper); color: var(--c-ink); transition: color 1ms, background-color 1ms }
/* What is not drawn would never come to the end of it. */
details:not([open]) .stage { transition: none }
canvas { display: block; width: 100%; cursor: crosshair }
canvas:focus-visible { outline-offset: -2px }
.deadly canvas { cursor: pointer }
.deadly .cursor { outline-color: var(--c-failed) }
.threat { color: var(--c-failed); margin-inline-start: 4px }
.now { position: absolute; inset: 0 auto 22px 0; width: 1px; background: var(--c-ink); pointer-events: none; will-change: transform }
.cursor { position: absolute; inset: 0 auto auto 0; outline: 2px solid var(--c-accent); outline-offset: 0; border-radius: 1px; pointer-events: none }
.under { font-size: 13px; line-height: 18px; color: var(--c-soft); min-height: 18px }
.pair .under { min-height: 36px }
.under button { font: inherit; min-height: 24px; padding: 0; margin: -3px 0 }
.warning:empty { display: none }
.above { display: flex; gap: 4px 12px; align-items: end; justify-content: space-between; min-height: 32px }
.zooms { display: flex; gap: 4px; flex: none; margin-inline-start: auto }
.zooms button { min-width: 32px; min-height: 32px; padding: 0 8px; text-decoration: none; font-size: 15px }
.zooms button:disabled { visibility: hidden }
.legend { display: flex; flex-wrap: wrap; gap: 0 16px; min-height: 20px; margin-top: 2px; font-size: 13px; line-height: 20px; color: var(--c-soft); list-style: none }
.legend svg { width: 22px; height: 14px; vertical-align: -2px; margin-inline-end: 6px }
.recorded .stage, .recorded .chart { opacity: .66 }
.outdated { visibility: hidden }
li.lit { outline: 2px solid var(--c-accent); outline-offset: 1px }
.lit rect { stroke: var(--c-ink); stroke-width: 2px }

.pair { display: grid; grid-template-columns: minmax(0, 1fr) 208px; gap: 0 20px; align-items: start }
.pair.alone { grid-template-columns: minmax(0, 1fr) }
.alone .log-pane { display: none }
.narrow { max-width: 440px }
.log { height: 220px; overflow-y: auto; overscroll-behavior: contain; border-block: 1px solid var(--c-hair); scrollbar-width: thin }
.room { position: relative; overflow: hidden }
.lines { margin: 0; padding: 0; list-style: none; font: 13px/20px var(--mono) }
.lines li { height: 20px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.log-foot { display: flex; gap: 12px; align-items: baseline; justify-content: space-between; min-height: 32px; font-size: 13px; color: var(--c-soft) }
.soft { color: var(--c-soft) }
.crew { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; margin-top: 4px; font-size: 13px; color: var(--c-soft) }
.cells { display: flex; flex-wrap: wrap; gap: 4px }
.cells button { min-width: 28px; min-height: 28px; padding: 0 4px; border: 1px solid var(--c-rule); border-radius: 4px; text-decoration: none; font-size: 13px }
.cells button[aria-disabled=true] { color: var(--c-soft); border-color: var(--c-hair); cursor: default }
.cells button:hover:not([aria-disabled=true]) { color: var(--c-failed); border-color: var(--c-failed) }
.cells button.gone { color: var(--c-failed); border: 1px dashed var(--c-failed); text-decoration: line-through; text-decoration-thickness: 2px }

.running > :is(.verdict, .warnings), .running :is(.results, .folded .inside) { visibility: hidden }
/* Its lines are kept, so that nothing moves when it comes. */
.verdict { font: 400 20px/1.35 var(--serif); min-height: 2.7em; margin-top: 12px; text-wrap: pretty }
.results > p { font: 400 16px/1.45 var(--serif); max-width: 68ch; text-wrap: pretty }
.recorded > .verdict, .recorded .results > p { color: var(--c-soft) }
.warning { border-inline-start: 3px solid var(--c-master); padding-inline-start: 8px; max-width: 68ch }
.charts { display: grid; gap: 20px 32px; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); align-items: start }
/* What does not fit scrolls; a shade on the side where there is more says so, and goes with the last column. */
.wide {
  --shade: color-mix(in srgb, var(--c-ink) 28%, transparent);
  overflow-x: auto; max-width: 100%; scrollbar-width: thin;
  background:
    linear-gradient(to right, var(--c-paper) 40%, transparent) left / 36px 100% no-repeat local,
    linear-gradient(to left, var(--c-paper) 40%, transparent) right / 36px 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / 10px 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / 10px 100% no-repeat scroll;
}
/* In pages without a doctype tables inherit none of this by themselves. */
table { border-collapse: collapse; width: 100%; font: inherit; color: inherit; text-align: inherit; white-space: inherit }
caption { text-align: start; color: var(--c-soft); font-size: 13px; padding-bottom: 4px }
caption span { display: block; position: sticky; inset-inline-start: 0; max-width: 100cqi }
th, td { text-align: start; font-weight: 400; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--c-hair); white-space: nowrap }
:lang(zh) thead th { word-break: keep-all }
thead th { color: var(--c-soft); font-size: 13px; line-height: 1.25; vertical-align: bottom; border-bottom-color: var(--c-rule); white-space: normal }
td.long { white-space: normal; min-width: 15ch }
th.right, td.right { text-align: end; padding: 5px 0 5px 12px }
.right + :not(.right) { padding-inline-start: 20px }
details { border-top: 1px solid var(--c-hair); padding: 4px 0 }
.results details + details { margin-top: -8px }
.folds { margin-top: 8px; min-height: 28px; border-top: 1px solid var(--c-hair) }
summary { cursor: pointer; color: var(--c-accent); min-height: 28px; padding: 4px 0 }
pre { font: 13px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; margin: 4px 0 8px }

footer { display: flex; flex-wrap: wrap; gap: 0 20px; align-items: baseline; justify-content: space-between; font-size: 13px; color: var(--c-soft); border-top: 1px solid var(--c-hair) }
.standing { border: 0; padding: 0 }
.standing summary { cursor: pointer; padding: 4px 0; min-height: 28px }
.standing:not([open]) { min-width: 0; flex: 1 1 200px }
.standing:not([open]) summary { overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.standing[open] { flex-basis: 100%; order: 1 }
.standing p { max-width: 66ch }
.standing a { display: inline-block; line-height: 24px }
.links { display: flex; flex-wrap: wrap; gap: 0 16px; align-items: baseline }
.links a { min-height: 28px; padding: 4px 0; display: inline-block; text-underline-offset: 3px }
.tabs button { display: inline-grid; justify-items: start; text-decoration: none; border-bottom: 0 solid; padding: 4px 0 }
.tabs button:hover:enabled { border-bottom: 2px solid var(--c-hair); padding-bottom: 2px }
.tabs button[aria-pressed=true] { color: var(--c-ink); font-weight: 600; border-bottom: 2px solid; padding-bottom: 2px }
.extra:empty { display: none }
.extra { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 460px }
.extra .control { grid-template-rows: 24px 26px }
.extra output { font-size: 13px }
.turns .heading { font-size: 13px; color: var(--c-soft); min-height: 20px }
.turns .heading b { color: var(--c-ink); font-weight: 600 }

.menu { position: relative }
.panel { position: absolute; inset-block-end: 100%; inset-inline-end: 0; z-index: 2; display: grid; justify-items: start; gap: 0; width: 280px; max-width: calc(100cqi - 8px); max-height: min(70vh, 480px); overflow-y: auto; padding: 8px 12px; background: var(--c-paper); border: 1px solid var(--c-rule); border-radius: 6px; box-shadow: 0 4px 20px rgb(0 0 0 / .18); font-size: 15px; color: var(--c-ink) }
.panel[hidden] { display: none }
.panel > button { text-align: start; text-decoration: none; width: 100% }
.panel > button:hover { text-decoration: underline }
.panel .compare { border-top: 1px solid var(--c-hair); margin-top: 4px; padding-top: 4px; width: 100%; font-size: 13px; color: var(--c-soft) }
.panel .compare b { display: block; font-weight: 400; font-size: 15px; color: var(--c-ink) }
.panel > .compare:only-child { border: 0; margin: 0 }
.compare textarea { display: block; width: 100%; font: 13px/1.4 var(--mono); color: inherit; background: var(--c-paper); border: 1px solid var(--c-rule); border-radius: 4px; resize: none; padding: 4px 8px }
.beside { display: grid; gap: 8px; font-size: 13px; color: var(--c-soft); margin-top: 4px }
.beside:empty { display: none }
.beside .warning { font-size: 15px; color: var(--c-ink) }
.beside table { width: auto; font-size: 15px; color: var(--c-ink) }
.beside th:empty { padding: 0 }
${charts}
${share}
.instruction { font-size: 16px; min-height: 24px }
.slice .start { grid-template-columns: minmax(0, 1fr) 136px; align-items: end; margin-top: 4px }
.slice .controls { grid-template-columns: repeat(2, minmax(0, 1fr)) }
.slice .state { margin-top: 4px; min-height: 36px }
.slice .verdict { font-size: 18px; color: var(--c-ink); margin: 6px 0 }
.slice :is(.zooms, .under, .tabs, .crew, .log-pane, .marks) { display: none }
.slice .pair { grid-template-columns: minmax(0, 1fr) }
.slice .above { min-height: 0 }
.slice .live { margin-top: 4px }
/* What it says may take two lines. */
.slice .turns .heading { line-height: 16px }
.slice .turns .legend { margin-top: -2px }
.slice footer > :is(a, button) { white-space: nowrap }
@container (max-width: 760px) {
  .charts { grid-template-columns: minmax(0, 1fr) }
  .pair { grid-template-columns: minmax(0, 1fr) 148px; gap: 0 12px }
}
@container (max-width: 520px) {
  .controls { gap: 4px 16px }
  .control, .control:not(.choice) { grid-template-columns: minmax(0, 1fr); grid-template-rows: minmax(20px, auto) 26px auto }
  .control label { align-self: end; padding-bottom: 3px }
  input[type=number] { width: 100%; text-align: start }
  .marks { display: none }
  .pair { grid-template-columns: minmax(0, 1fr) }
  .log-pane { display: none }
  .start { grid-template-columns: 112px minmax(0, 1fr); gap: 8px 12px }
  .phases { display: grid; grid-template-columns: auto auto; justify-content: start }
  button.run { font-size: 16px }
  .state { grid-template: auto 1fr auto / minmax(0, 1fr); min-height: 82px }
  .running .count { min-height: 18px }
  progress { align-self: end; margin-bottom: 6px }
  .under { min-height: 36px }
  .count { grid-row: 3; font-size: 13px }
  .own { display: none }
  .presets, .phases, .tabs, .folds { column-gap: 14px; font-size: 14px }
  .presets { column-gap: 10px; font-size: 13px }
  .verdict { font-size: 18px; min-height: 5.4em }
  .legend { min-height: 40px }
  .slice .start { grid-template-columns: minmax(0, 1fr) 112px }
  .slice .state { min-height: 36px; grid-template: auto 1fr / minmax(0, 1fr) }
  .slice .live { margin-top: 0 }
  .slice > .verdict { margin: 4px 0 }
  .slice .count { display: none }
  .slice .tag { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
  .slice .phases { display: flex; column-gap: 8px; font-size: 12px }
  .slice .verdict { min-height: 4.05em }
  .slice .standing:not([open]) { flex-basis: 0 }
  .menu { position: static }
  .panel { inset-inline: 0; width: auto; inset-block-end: 64px }
  footer { position: relative }
  /* Whose row it is stays in sight. */
  .wide th:first-child { position: sticky; inset-inline-start: 0; background: var(--c-paper) }
}
${media}`;
