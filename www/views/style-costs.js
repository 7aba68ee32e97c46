/** How the charts of what locks cost look, and what can be taken home of a run. Part of style.js, set apart for its length. */

export const costs = `
.menu { position: relative }
.panel { position: absolute; inset-block-end: 100%; inset-inline-end: 0; z-index: 2; display: grid; justify-items: start; gap: 0; width: 280px; max-width: calc(100cqi - 8px); max-height: 70vh; overflow-y: auto; padding: 8px 12px; background: var(--c-paper); border: 1px solid var(--c-rule); border-radius: 6px; box-shadow: 0 4px 20px rgb(0 0 0 / .18); font-size: 15px; color: var(--c-ink) }
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

.chart:focus-visible { outline-offset: 4px }
.prices .row text, .prices .anchor text, .lines .reading text { paint-order: stroke; stroke: var(--c-paper); stroke-width: 4px; stroke-linejoin: round }
.prices .row { cursor: pointer }
.prices .back { fill: transparent }
.prices .row:hover .back, .prices .active .back { fill: var(--c-hair); opacity: .55 }
.prices .pinned .name, .prices .pinned .value { font-weight: 600 }
.prices .whisker { stroke: var(--c-ink); stroke-width: 2 }
.prices .js .whisker { stroke: var(--c-master) }
.prices .median { fill: var(--c-accent) }
.prices .js .median { fill: var(--c-master) }
.prices .reach { stroke: var(--c-hair); stroke-width: 1 }
.prices .pin { stroke: var(--c-accent); stroke-width: 1; stroke-dasharray: 2 3 }
.prices .ghost, .prices .there { fill: var(--c-paper); stroke: var(--c-soft); stroke-width: 1.25 }
.prices .there { stroke: var(--c-io); stroke-width: 2 }
.prices .anchor .name { fill: var(--c-soft) }
.prices .value.soft, .lines .value.soft { fill: var(--c-soft) }

.lines .line { fill: none; stroke: var(--c-rule); stroke-width: 1.25; stroke-linejoin: round }
.lines .dot { fill: var(--c-rule) }
.lines .pinned .line { stroke: var(--c-accent); stroke-width: 2.5 }
.lines .pinned .dot { fill: var(--c-accent) }
.lines .over .line { stroke: var(--c-ink); stroke-width: 2 }
.lines .over .dot { fill: var(--c-ink) }
.lines .there .line { stroke: var(--c-io); stroke-dasharray: 6 3; stroke-width: 1.5 }
.lines .native .line { stroke: var(--c-soft); stroke-dasharray: 1 4; stroke-linecap: round; stroke-width: 2 }
.lines .theory .line { stroke: var(--c-master); stroke-dasharray: 2 3; stroke-width: 1.5 }
.lines .theory.queue .line { stroke-dasharray: 7 3 }
.lines .theory .name, .lines .theory .value { fill: var(--c-master) }
.lines .loses .dot { fill: var(--c-paper); stroke: var(--c-rule); stroke-width: 1.25 }
.lines .pinned.loses .dot { stroke: var(--c-accent) }
.lines .quit { stroke: var(--c-failed); stroke-width: 2; fill: none }
.lines .leader { stroke: var(--c-hair); fill: none }
.lines .pinned .leader { stroke: var(--c-accent); opacity: .5 }
.lines .at { stroke: var(--c-ink); stroke-width: 1; opacity: .6 }
.lines .reading { cursor: pointer }
.lines .reading:hover .name { text-decoration: underline }
.lines .pinned .name, .lines .pinned .value { fill: var(--c-accent); font-weight: 600 }
.lines .cores { stroke: var(--c-rule); stroke-dasharray: 2 4 }
.tabs { display: flex; flex-wrap: wrap; gap: 0 20px; margin-bottom: 4px }
.tabs button { display: inline-grid; justify-items: start; text-decoration: none; border-bottom: 0 solid; padding: 4px 0 }
.tabs button::after { content: attr(data-bold); height: 0; overflow: hidden; visibility: hidden; font-weight: 600 }
.tabs button:hover:enabled { border-bottom: 2px solid var(--c-hair); padding-bottom: 2px }
.tabs button[aria-pressed=true] { color: var(--c-ink); font-weight: 600; border-bottom: 2px solid; padding-bottom: 2px }
.extra:empty { display: none }
.extra { display: grid; grid-template-columns: minmax(0, 1fr); margin-top: 4px; max-width: 460px }
.extra .control { grid-template-rows: 24px 26px }
.extra output { font-size: 13px }
.turns { margin-top: 12px }
.turns .heading { font-size: 13px; color: var(--c-soft); min-height: 20px }
.turns .heading b { color: var(--c-ink); font-weight: 600 }
@container (max-width: 520px) {
  .menu { position: static }
  .panel { inset-inline: 0; width: auto; inset-block-end: 64px }
  footer { position: relative }
  .tabs { column-gap: 16px }
}
@media (forced-colors: active) { .prices .median { fill: CanvasText } .lines .line { stroke: CanvasText } .lines .pinned .line { stroke: Highlight } }
@media print { .menu, .extra { display: none } }
`;
