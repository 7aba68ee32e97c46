/** How the SVG charts look. Goes into style.js. */

export const charts = `
/* Times and amounts go from left to right in every language; only so does a text begin where the chart puts it. */
.chart svg { display: block; max-width: 100%; overflow: visible; direction: ltr }
.chart text, .axis { font: 13px var(--sans); fill: var(--c-soft) }
.ratios text, .strip text { paint-order: stroke; stroke: var(--c-paper); stroke-width: 4px; stroke-linejoin: round }
.chart .name, .chart .value { fill: var(--c-ink) }
.axis path, .axis .tick line { stroke: var(--c-rule); stroke-width: 1; shape-rendering: crispEdges }
.axis .tick .grid { stroke: var(--c-hair) }
.role-io { fill: var(--c-io) }
.role-cpu { fill: var(--c-cpu) }
.ideal, .one { stroke: var(--c-ink); stroke-width: 1.5 }
.one { stroke-width: 1 }
.part-io { fill: var(--c-io) }
.part-cpu { fill: var(--c-cpu) }
.part-master { fill: var(--c-master) }
.part-failed { fill: var(--c-failed) }
.part-done { fill: var(--c-done) }
.strike { stroke: var(--c-paper); stroke-width: 1.25 }
.half { stroke: var(--c-soft); stroke-width: 1; stroke-dasharray: 3 3 }
.mean { fill: var(--c-ink) }
.noise { fill: var(--c-hair) }
.here { fill: var(--c-accent) }
.earlier { fill: none; stroke: var(--c-accent); stroke-width: 1.25 }
.other { fill: var(--c-paper); stroke: var(--c-soft); stroke-width: 1.5 }

/* What comes a moment after the figure has its room. */
.lines { min-height: 220px }
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
.prices .pin { stroke: var(--c-accent); stroke-width: 1; stroke-dasharray: 2 3 }
.prices .ghost, .prices .there { fill: var(--c-paper); stroke: var(--c-soft); stroke-width: 1.25 }
.prices .there { stroke: var(--c-io); stroke-width: 2 }
.prices .anchor .name { fill: var(--c-soft) }
.prices .value.soft, .lines .value.soft { fill: var(--c-soft) }

.lines .line { fill: none; stroke: var(--c-rule); stroke-width: 1.25; stroke-linejoin: round }
.lines .dot { fill: var(--c-rule) }
.lines .pinned .line { stroke: var(--c-accent); stroke-width: 2.5 }
.lines .whisker { stroke: var(--c-rule); stroke-width: 2 }
.lines .pinned .whisker { stroke: var(--c-accent) }
.lines .pinned .dot { fill: var(--c-accent) }
.lines .there .line { stroke: var(--c-io); stroke-dasharray: 6 3; stroke-width: 1.5 }
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
@media (forced-colors: active) { .prices .median { fill: CanvasText } .lines .line { stroke: CanvasText } .lines .pinned .line { stroke: Highlight } }
`;
