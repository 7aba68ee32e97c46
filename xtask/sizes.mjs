/** What the page weighs. */
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { figureNames, manifests } from "./figures.mjs";

/** Whether a script is fetched for another language than English only. @param {string} entry */
export const isForeign = (entry) => /^www\/(text|figures)\//.test(entry) && !/\/(en\/words|en|view)\.js$/.test(entry);

/**
 * What a reader's browser has to fetch, compressed as hosts do it.
 * @param {object} page
 * @param {Map<string, Uint8Array>} page.files  all of dist/, by path
 * @param {Set<string | undefined>} page.early  what is fetched before the article can be read
 * @param {(entry: string) => string[]} page.closure  what was made of a script in www/, and all that it imports at once
 * @param {string[]} page.foreign  what is fetched for another language only
 * @param {Record<string, string>} page.assets  URLs by role, as seen from the scripts' folder
 * @param {Record<string, string>} page.modules  likewise by figure
 * @param {Record<string, string[]>} page.recordings  likewise, by figure or slice
 */
export async function printSizes({ files, early, closure, foreign, assets, modules, recordings }) {
  const rows = await Promise.all([...files].map(async ([name, contents]) => ({
    name,
    early: early.has(name),
    raw: contents.length,
    gzip: (await promisify(gzip)(contents, { level: 9 })).length,
    brotli: (await promisify(brotliCompress)(contents)).length,
  })));
  // The article begins with its first figure's first slice.
  const [first] = figureNames;
  const [show] = Object.keys(manifests[first].slices);
  const asset = (/** @type {string} */ url) => `assets/${url.slice(2)}`;
  const seen = ["live.js", "text/en/words.js", `figures/${first}/view.js`, `figures/${first}/en.js`];
  const view = new Set([...early, ...seen.flatMap((entry) => closure(`www/${entry}`)), ...(recordings[`${first}.${show}`] ?? recordings[first]).map(asset)]);
  const run = [modules[first], assets.owner, assets.coordinator, assets.pool].map(asset);
  const kb = (/** @type {number} */ bytes) => (bytes / 1000).toFixed(1).padStart(8);
  const line = (/** @type {string} */ name, /** @type {typeof rows} */ of) => {
    const sum = (/** @type {"raw" | "gzip" | "brotli"} */ kind) => kb(of.reduce((all, row) => all + row[kind], 0));
    console.log(`  ${name.padEnd(56)}${sum("raw")}${sum("gzip")}${sum("brotli")}`);
  };
  console.log(`  ${"KB".padEnd(56)}     raw    gzip  brotli`);
  for (const row of rows.sort((a, b) => Number(b.early) - Number(a.early) || b.brotli - a.brotli)) line(`${row.early ? "•" : " "} ${row.name}`, [row]);
  line("before the article can be read (•)", rows.filter((row) => row.early));
  line("wasm, for the first half of the figures", rows.filter((row) => row.name === asset(modules[figureNames[0]])));
  line("the article's first view", rows.filter(({ name }) => view.has(name)));
  line("until its first figure has run", rows.filter(({ name }) => view.has(name) || run.includes(name)));
  // An embedding page's entry, a service worker and other languages are no part of it.
  const apart = ["lock-lab.js", "service-worker.js", ...foreign];
  line("all of the article's figures, in its language", rows.filter(({ name }) => !apart.includes(name) && !/^(source\/|cards\/|oembed|index\.\w+\.html$)|\.(txt|d\.ts)$|^custom-elements/.test(name)));
}
