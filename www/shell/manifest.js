/**
 * The contract between a figure and the rest of the house. A figure is a folder, `figures/NAME/`, of the same name as its experiment in Rust:
 *
 * - `figure.js` exports `figure`, a {@link Manifest}: all that others must know of it. Plain data and functions of plain data; it imports no view, so
 *   that the build, the lints and the tests can read it in Node. Its first line is the figure's question.
 * - `view.js` exports `mount`, and `figure` again: what draws the live part and the results ({@link FigureModule}).
 * - `en.js`, `zh.js`: its words, as the default export. Every figure's have `title`, `question` (of the settings), `presets` (by the manifest's ids) and `none` (an
 *   empty cell); `controls` where a setting is called otherwise than in the shared words, `facts` beside the manifest's, `printed` for the
 *   heading of the report's `text`.
 * - `recording.json`: a run to show until the reader has made one, and `recording.SLICE.json` for a slice with settings of its own. Made by `cargo xtask record`.
 *
 * What exists is what is registered in Rust, in the order of that list; nothing here names figures a second time.
 */

/** @typedef {import("../settings.js").Config} Config */
/** @typedef {import("../engine/board.js").Live} Live */
/** @typedef {import("../text/words.js").Words} Words */
/** @typedef {[wide: number, narrow: number]} Heights  in px, with nothing below the verdict opened: where there is room, on a phone */
/** @typedef {import("../views/table.js").Table} Table */
/**
 * What sentences and tables are made with besides a report. What a reader has chosen in the view (a pinned counter, a report beside) the view adds,
 * under names of its own; whatever is absent the manifest takes from the report.
 * @typedef {{words: Words, own: any, [more: string]: any}} Context  `own`: the figure's own words
 */
/**
 * @typedef {object} Manifest
 * @property {{id: string, config: Config}[]} presets
 * @property {Config} [recorded]  the settings of its recorded run; those of the first preset, where it is absent
 * @property {string[]} [main]  the settings that are always in sight, in their order, of which at most three matter at a time; the others are folded away. All, where it is absent
 * @property {(setting: string, config: Config) => boolean} [matters]  whether a setting changes anything beside the others
 * @property {Record<string, Slice>} slices  parts of the figure that stand alone: one picture, one sentence; the words' `slices` have an instruction for each
 * @property {Heights} heights  a test holds them against the figure
 * @property {import("../shape.js").ObjectShape} shape  what it draws of its part of the report
 * @property {(report: any) => Record<string, any>[]} rows  the report as rows of values, for a table that a program reads
 * @property {(report: any, context: Context) => string[]} sentences  what came out
 * @property {(report: any, context: Context) => Table} table  the numbers behind the sentences
 * @property {(patch: Config, before: Config) => Config} [patch]  what a change of its settings changes as well
 * @property {(config: Config) => {setting: string, allowed: string}[]} [wrong]  what is wrong with settings that are each allowed by themselves
 * @property {(config: Config) => object} [withoutThreads]  its part of the report where no threads can be had; a figure without it needs them
 * @property {(report: any, words: Words) => string[]} [facts]  what two reports are compared by, in the order of the words' `facts`; "" where a report has no such value
 */
/**
 * @typedef {object} FigureModule  what `view.js` exports
 * @property {Manifest} figure
 * @property {string} [style]  CSS for what only this figure has
 * @property {Mount<any>} mount
 */
/** @template Own @typedef {(places: Places, words: Words, own: Own, actions: Actions) => Body} Mount  `own`: the figure's own words */
/** @typedef {{live: HTMLElement, fields: HTMLElement, show: string}} Places  `fields`: among the folded settings, for what is more than one; `show`: the slice, or "" for the whole */
/** @typedef {{controls: string[], heights: Heights, config?: Config, lanes?: false, say?: (sentences: string[], report: any, context: Context) => string | undefined}} Slice  `controls`: at most two; `config`: what it is set to where its author says nothing; `lanes`: false where nothing is seen of what each thread did; `say`: its sentence, the verdict where it is absent */
/**
 * @typedef {object} Actions  what a figure may do
 * @property {(worker: number) => void} kill
 * @property {(patch: Config) => void} configure
 * @property {() => void} run
 * @property {(sentences: string[], ...more: import("../views/dom.js").Child[]) => void} tell  what came out: the first sentence is the verdict, the others and what shows it are folded away
 * @property {(config: Config, changed: (rows: any[]) => void, closed: () => void) => Stepping | null} step
 *   starts threads that the figure steps by permits, at the end of `config`'s schedule; null where there are none. `changed` is called with the
 *   experiment's live rows, `closed` when the threads are gone: another run may have wanted the machine
 */
/** @typedef {{permit(worker: number): void, close(): void}} Stepping  threads that wait for permits */
/**
 * @typedef {object} Now  where a run is
 * @property {string} said
 * @property {string} count
 * @property {number} share  of the whole run, from 0 to 1
 * @property {number | null} leftMs  null where it can't be known
 */
/**
 * @typedef {object} Canvas  what a picture is drawn on: its colours are plain values, for it leaves the page
 * @property {number} width  in px
 * @property {string} font
 * @property {(name: string) => string} role  a colour of the palette
 * @property {(text: string, width: number, font: string) => string[]} wrap  a text in lines
 */
/**
 * @typedef {object} Body  a mounted figure
 * @property {(config: Config) => void} configure
 * @property {(config: Config) => string} estimate  how long a run will take, for the line of state
 * @property {(config: Config, live: Live) => void} begin
 * @property {(live: Live) => Now} frame
 * @property {(report: any, live: Live | null, options: {previous: any[], recorded: boolean, lent?: any}) => void} finish
 *   `previous`: reports of earlier runs with the same settings; `recorded`: somebody else's run;
 *   `lent`: beside an own run, the recorded one
 * @property {(other: any | null) => void} [compare]  draws somebody else's report beside what is shown, or no longer
 * @property {import("../views/timeline.js").Timeline} [timeline]
 * @property {() => {encoded: string, counter: string, threads: number} | null} [histogram]  the one that is being looked at
 * @property {(canvas: Canvas) => SVGSVGElement} [picture]  what its picture shows, where it has neither charts nor a timeline
 * @property {() => void} destroy
 */

export {};
