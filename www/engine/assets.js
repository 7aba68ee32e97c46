/**
 * Where the worker scripts and the wasm modules lie. The build knows (their names carry a hash of what is in them) and puts it here
 * as one constant; nothing else in the page names a file of its own.
 */

/** @typedef {{owner: string, alone: string, coordinator: string, pool: string, counter: string, build: string, modules: Record<string, string>, recordings: Record<string, string[]>, machines: Record<string, string[]>, drawn?: string[]}} Assets  URLs relative to the scripts' folder; `drawn`: languages that have pictures of their own */

/** @type {Assets} */
// @ts-ignore: defined by the bundler
const known = LAB_ASSETS;

/** @param {"owner" | "alone" | "coordinator" | "pool" | "counter"} name @returns {string} */
export const assetUrl = (name) => new URL(known[name], import.meta.url).href;

/** The wasm module that has this experiment. @param {string} experiment @returns {string} */
export const moduleUrl = (experiment) => new URL(known.modules[experiment], import.meta.url).href;

/** Version, commit and compiler of this page. */
export const build = known.build;

/** The page that belongs to these scripts. */
export const pageUrl = new URL("../index.html", import.meta.url).href;

/** A figure's picture for pages that take no frames. @param {string} figure @param {string} language */
export const cardUrl = (figure, language) => new URL(`../cards/${figure}${known.drawn?.includes(language) ? `.${language}` : ""}.png`, import.meta.url).href;

/** Where a source file lies that was published with these scripts, as plain text. @param {string} file */
export const sourceUrl = (file) => new URL(`../source/${file}.txt`, import.meta.url).href;

/** Where the parts of a recorded run lie, if there is one: what the slice needs, or all of the figure's. @param {string} figure @param {string} slice */
export function recordingUrls(figure, slice) {
  const name = [`${figure}.${slice}`, figure].find((one) => Object.hasOwn(known.recordings, one));
  return name ? known.recordings[name].map((url) => new URL(url, import.meta.url).href) : [];
}

/** Where a figure's runs on other machines lie, made outside of any browser. @param {string} figure */
export const machineUrls = (figure) => (Object.hasOwn(known.machines, figure) ? known.machines[figure] : []).map((url) => new URL(url, import.meta.url).href);
