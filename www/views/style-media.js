/** How a figure looks where its reader has chosen colours, asked for more contrast, or prints. Goes behind the rest of the style. */

export const media = `
/* The reader's own colours are few: states differ by height and pattern as well, so some may share one. */
@media (forced-colors: active) {
  :host {
    --c-paper: Canvas; --c-ink: CanvasText; --c-soft: CanvasText; --c-rule: CanvasText; --c-hair: GrayText; --c-accent: LinkText;
    --c-io: GrayText; --c-cpu: CanvasText; --c-waiting: LinkText; --c-holding: CanvasText; --c-done: GrayText; --c-failed: CanvasText; --c-master: LinkText;
  }
  button.run, button.run:hover:enabled { border: 2px solid ButtonText; background: ButtonFace; color: ButtonText }
  button.run:disabled { border-color: GrayText }
  .noise { fill: none; stroke: CanvasText }
  .recorded .stage, .recorded .chart { opacity: 1 }
  .phases button { border-bottom-color: Canvas }
  .phases button[aria-pressed=true] { border-bottom-color: Highlight }
  progress { border: 1px solid CanvasText; height: 6px }
  progress::-webkit-progress-value { background: Highlight; forced-color-adjust: none }
  progress::-moz-progress-bar { background: Highlight; forced-color-adjust: none }
}
@media (prefers-contrast: more) {
  :host { --c-soft: var(--c-ink); --c-rule: var(--c-ink); --c-hair: light-dark(#5b5852, #a9a69e) }
  .recorded .stage, .recorded .chart { opacity: 1 }
  fieldset[disabled] .control { opacity: 1 }
  .controls input, .controls select { border: 1px solid var(--c-ink) }
}
/* What was found, on white paper: nothing to press, every number. The canvas is painted anew for it (timeline.js). */
@media print {
  :host, :host([theme]) { color-scheme: light; background: none; container-type: normal; min-height: 0 !important }
  .figure { min-height: 0 !important }
  summary { display: none }
  .slide, .marks, .crew, .presets > :not(details), .start, .zooms, .under, .links, .slice footer > a, .menu, .extra, .unseen, .log-foot, details:not([open]), button { display: none !important }
  .phases button[aria-pressed=true] { display: block !important; border: 0; padding: 0 }
  .running > :is(.verdict, .warnings), .running :is(.results, .folded .inside) { visibility: visible }
  .controls { display: flex; flex-wrap: wrap; gap: 4px 28px }
  .control, .control.choice { display: flex; gap: 6px; align-items: baseline }
  input[type=number], select { border: 0; width: auto; max-width: 12ch; field-sizing: content; text-align: start; appearance: none; font-weight: 600; height: auto }
  fieldset[disabled] .control { opacity: 1 }
  .recorded .stage, .recorded .chart { opacity: 1 }
  canvas, .chart svg { height: auto !important; max-width: 100% }
  .wide, .stage { overflow: visible }
  th, td { white-space: normal }
  thead { display: table-header-group }
  tr, .wide, .chart, .stage, .verdict { break-inside: avoid }
  .title, .question, caption { break-after: avoid }
}
`;
