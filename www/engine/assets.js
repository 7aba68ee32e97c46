/**
 * Where the worker scripts and the wasm module lie. The build knows (their names carry a hash of what is in them) and puts it here
 * as one constant; nothing else in the page names a file of its own.
 */

/** @typedef {{owner: string, master: string, pool: string, glue: string, wasm: string, build: string}} Assets  URLs relative to the scripts' folder */

/** @type {Assets} */
// @ts-ignore: defined by the bundler
const known = LAB_ASSETS;

/** @param {"owner" | "master" | "pool" | "glue" | "wasm"} name @returns {string} */
export const assetUrl = (name) => new URL(known[name], import.meta.url).href;

/** Version, commit and compiler of this page. */
export const build = known.build;
