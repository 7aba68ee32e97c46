/** How it looks; the names are the figure's own. */
export const style = `
.stepper { display: grid; gap: 6px; grid-template-columns: minmax(0, 1fr); max-width: 760px }
.threads { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); gap: 0 10px }
.threads > div { display: flex; flex-direction: column; gap: 4px; min-width: 0 }
.threads .whose { display: flex; flex-wrap: wrap; gap: 0 12px; justify-content: space-between; font-size: 13px; line-height: 20px; color: var(--c-soft) }
.threads .whose b { color: var(--c-ink); font-weight: 600 }
.code { flex: auto; margin: 0; padding: 0; list-style: none; font: 13px/20px var(--mono) }
.code li { overflow-wrap: anywhere; padding-inline: 5px 0; border-inline-start: 3px solid transparent }
.code li.past { color: var(--c-soft) }
.code li.next { border-color: var(--c-accent); background: var(--c-hair) }
.code li.asleep { border-color: var(--c-waiting) }
.threads > .between { gap: 0; justify-content: center; text-align: center; min-width: 72px }
.between b { display: block; font: 400 30px/34px var(--serif) }
.between span { display: block; font-size: 13px; line-height: 18px; color: var(--c-soft) }
.choose button { min-height: 36px; padding: 4px 8px; border: 1px solid var(--c-accent); border-radius: 6px; text-decoration: none; line-height: 1.2; overflow-wrap: anywhere; min-width: 0 }
.choose button[aria-disabled=true] { color: var(--c-soft); border-color: var(--c-rule); border-style: dashed; cursor: default }
.back { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 12px; align-items: center; font-size: 13px; color: var(--c-soft) }
.stepper .verdict { font-size: 16px; min-height: 2.7em; margin: 0; color: var(--c-ink) }
@container (min-width: 560px) {
  .figure > .verdict { min-height: 1.35em }
  .stepper .verdict { min-height: 1.35em }
  .back { grid-template-columns: minmax(0, 1fr) auto minmax(0, 2fr); align-items: start }
}
.back span { line-height: 28px }
.stepper .note { font-size: 13px; color: var(--c-soft) }
.stepper .tiles { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; font-size: 13px; color: var(--c-soft); min-height: 28px }
@container (max-width: 559px) {
  .question { min-height: 52px }
  .back .tiles { grid-column: 1 / -1 }
}
/* On a phone all of it is in sight at once: a number is written, not slid to, and nothing has more room than its words take. */
@container (max-width: 520px) {
  .slide { display: none }
  .figure:not(.slice) .state { min-height: 72px }
  .stepper { gap: 4px }
  .threads { gap: 0 6px }
  .threads > .between { min-width: 64px }
  .threads .whose, .between span { font-size: 12px }
  .threads .whose { gap: 0 4px }
  .back span { line-height: 24px }
  .stepper .usual { display: none }
  .figure:not(.slice) > .verdict { font-size: 16px; min-height: 2.7em; margin-top: 4px }
  .folds { margin-top: 4px }
  .standing:not([open]) { flex-basis: 110px }
}
.tiles .tile { min-height: 24px; padding: 0 6px; border: 1px solid var(--c-rule); border-radius: 4px; font: 13px/22px var(--mono); text-decoration: none; color: var(--c-ink) }
.tiles .tile.lost { border-color: var(--c-waiting); color: var(--c-waiting) }
.tiles .tile[aria-pressed=true] { outline: 2px solid var(--c-accent) }
.pending .code li.next { border-style: dashed }
@media (forced-colors: active) { .code li.next { background: none } }
.bet { display: flex; flex-wrap: wrap; gap: 0 12px; align-items: baseline; font: 400 15px/1.4 var(--serif) }
.bet button { min-width: 28px }
.stepper[hidden], .bet[hidden] { display: none }
`;
