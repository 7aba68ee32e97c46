/**
 * Puts the page together in dist/: bundles, splits and names the scripts by their content, fills index.html, and says what it all weighs.
 * Run by `cargo xtask`, which hands over where the finished wasm module lies. Compiles no Rust, installs nothing.
 *
 * What has a hash in its name may be cached for ever; index.html and lock-lab.js name the hashed files and keep their own names.
 */
import { build, transform } from "esbuild";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { closureOf, fewerChunks, outputsOf } from "./chunks.mjs";
import { cardOf, headFor, oembedFile, oembedFor } from "./head.mjs";
import { isForeign, printSizes } from "./sizes.mjs";
import { stillOf } from "./stills.mjs";
import { typesFrom } from "./types.mjs";
import { figureNames, isWhole, languages, manifests, wordsIn } from "./figures.mjs";
import described from "../www/generated/settings.js";
import { fillHtml } from "../www/text/fill.js";

/** @type {{module: string, dist: string, build: string, policy: string, notices?: string, site?: string, sizes: boolean}}  `site`: the address that dist/ will have, if that is known */
const order = JSON.parse(process.argv[2]);
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const www = path.join(root, "www");
const wasmFolder = `wasm-${path.basename(order.module)}`;

/** Everything that dist/ will hold: contents by path. @type {Map<string, Uint8Array>} */
const files = new Map();

/** The workers' scripts, by role: their URLs as seen from the scripts' folder. @type {Record<string, string>} */
const assets = {};

/** Where each figure's module lies, likewise: xtask/src/halves.rs makes one for each half of them. */
const modules = Object.fromEntries(figureNames.map((figure, i) => [figure, `./${wasmFolder}/locklab${i < figureNames.length / 2 ? "" : "-rest"}_bg.wasm`]));

/** Recorded runs, by figure or slice: the URLs of their parts as seen from the scripts' folder. @type {Record<string, string[]>} */
const recordings = {};

/** What the recorded runs' reports say, by figure. @type {Record<string, any>} */
const reports = {};

/** The languages, apart from English, whose words stand in pictures of their own, of every figure. */
const drawn = () => Object.keys(languages).filter((language) => language !== "en" && Object.keys(reports).every((figure) => files.has(`cards/${figure}.${language}.png`)));

/** Runs on other machines: their URLs likewise, by figure. @type {Record<string, string[]>} */
const machines = {};

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: root,
  outdir: order.dist,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  write: false,
  metafile: true,
  logLevel: "warning",
  legalComments: "none",
  // What is written in other letters stays readable, and half as long.
  charset: "utf8",
  entryNames: "[name]-[hash]",
  chunkNames: "assets/[name]-[hash]",
};

/** @param {import("esbuild").BuildResult} result @param {(path: string) => string} [rename] */
function keep(result, rename = (name) => name) {
  for (const { path: file, contents } of result.outputFiles ?? []) files.set(rename(path.relative(order.dist, file)), contents);
}

/** What calls the modules: its file stands empty among the sources. @type {import("esbuild").Plugin} */
const knowsModules = { name: "what calls the modules", setup: ({ onLoad }) => onLoad({ filter: /\/www\/engine\/glue\.js$/ }, () => ({ contents: fs.readFileSync(path.join(order.module, "locklab.js")), resolveDir: order.module })) };

/** A worker is a script of its own, for a worker can't share the page's chunks' names before they are known. @param {string} role */
async function bundleWorker(role) {
  const entry = { [`${role}-worker`]: `www/engine/${role}-worker.js` };
  const result = await build({ ...common, entryPoints: entry, entryNames: "assets/[name]-[hash]", plugins: [knowsModules], define: { LAB_ASSETS: JSON.stringify(assets) } });
  keep(result);
  const [made] = Object.keys(result.metafile?.outputs ?? {});
  assets[role] = `./${path.basename(made)}`;
}

/** What is fetched by itself when it is needed: a figure's part that draws, and the words, by language. Their files' names say what they are. */
const parts = [
  ...figureNames.map((figure) => ({ in: `www/figures/${figure}/view.js`, out: `assets/${figure}` })),
  ...Object.keys(languages).flatMap((language) => [
    { in: `www/text/${language}/words.js`, out: `assets/${language}` },
    { in: `www/text/${language}/article.js`, out: `assets/${language}-article` },
    ...figureNames.map((figure) => ({ in: `www/figures/${figure}/${language}.js`, out: `assets/${language}-${figure}` })),
  ]),
];

/** A script that imports a language's words; where some are missing, with the English ones in their place. @param {string} language @param {(words: Awaited<ReturnType<typeof wordsIn>>) => any} which @param {(language: string) => string} file */
async function importWords(language, which, file) {
  const [english, own] = await Promise.all(["en", language].map(async (one) => which(await wordsIn(one, false))));
  if (isWhole(english, own)) return `() => import(${JSON.stringify(file(language))})`;
  return `async () => ({ default: over((await import(${JSON.stringify(file("en"))})).default, (await import(${JSON.stringify(file(language))})).default) })`;
}

/** www/files.js with each import written out: esbuild and browsers then know what there is. */
async function filesScript() {
  const table = (/** @type {string[][]} */ rows) => `{ ${rows.map(([name, script]) => `${JSON.stringify(name)}: ${script}`).join(", ")} }`;
  const spoken = async (/** @type {(words: any) => any} */ which, /** @type {(language: string) => string} */ file) => table(await Promise.all(Object.keys(languages).map(async (language) => [language, await importWords(language, which, file)])));
  const views = table(figureNames.map((figure) => [figure, `() => import("./figures/${figure}/view.js")`]));
  const ofFigures = table(await Promise.all(figureNames.map(async (figure) => [figure, await spoken(({ figures }) => figures[figure], (language) => `./figures/${figure}/${language}.js`)])));
  return `import { part } from "./part.js";
    import { over } from "./text/over.js";
    const views = ${views}, ofFigures = ${ofFigures}, shared = ${await spoken(({ shared }) => shared, (language) => `./text/${language}/words.js`)};
    const articles = ${table(Object.keys(languages).map((language) => [language, `() => import("./text/${language}/article.js")`]))};
    export const viewFile = (figure) => part(views[figure], import.meta.url);
    export const figureWordsFile = (figure, language) => part(ofFigures[figure][language], import.meta.url);
    export const wordsFile = (language) => part(shared[language], import.meta.url);
    export const articleFile = (language) => part(articles[language], import.meta.url);`;
}

/** The heights of each figure, and of each of its slices; "" is the whole. @type {Record<string, Record<string, import("../www/shell/manifest.js").Heights>>} */
const heights = Object.fromEntries(figureNames.map((figure) => [figure, { "": manifests[figure].heights, ...Object.fromEntries(Object.entries(manifests[figure].slices).map(([name, slice]) => [name, slice.heights])) }]));

Object.assign(globalThis, { LAB_HEIGHTS: heights });
const { ownRoomFor } = await import("../www/reach/place.js");

/** The height that each keeps until its parts have come, on each width of column. */
const heightsStyle = () => Object.entries(heights).flatMap(([figure, all], i) => Object.entries(all).map(([show, height]) =>
  `lock-lab${i === 0 && !show ? "" : `[figure="${figure}"]`}${show && `[show="${show}"]`} { min-height: ${ownRoomFor(height)} }`)).join("\n");

/** What the sources leave to the build, for it depends on which figures and languages there are. @type {import("esbuild").Plugin} */
const knowsFigures = {
  name: "figures and languages",
  setup({ onLoad }) {
    onLoad({ filter: /\/www\/files\.js$/ }, async ({ path: file }) => ({ contents: await filesScript(), resolveDir: path.dirname(file) }));
    onLoad({ filter: /\/www\/article\.css$/ }, ({ path: file }) => ({ contents: `${heightsStyle()}\n${fs.readFileSync(file, "utf8")}`, loader: "css" }));
  },
};

/** What Rust says of settings and counters, without what only the documents and the lints read: every page that carries a figure fetches it. @param {Partial<typeof described>} [facts] @returns {import("esbuild").Plugin} */
const withoutProse = (facts = described) => ({
  name: "settings without prose",
  setup({ onLoad }) {
    const kept = JSON.stringify(facts, (name, value) => (["question", "meaning", "source", "label"].includes(name) ? undefined : value));
    onLoad({ filter: /\/www\/generated\/settings\.js$/ }, () => ({ contents: `export default ${kept};` }));
  },
});

/** Styles that stand in scripts are strings to esbuild, which leaves those as long as they are. @type {import("esbuild").Plugin} */
const shortStyles = {
  name: "styles in scripts",
  setup({ onLoad }) {
    onLoad({ filter: /\/www\/(views|figures\/[\w-]+)\/style\.js$/ }, async ({ path: file }) => {
      const { code } = await transform((await import(file)).style, { loader: "css", minify: true, target: common.target, charset: common.charset });
      return { contents: `export const style = ${JSON.stringify(code)};` };
    });
  },
};

/** For the page and for the element's own file. */
const LAB_HEIGHTS = JSON.stringify(heights);

/** @param {import("esbuild").Plugin[]} more */
async function buildPage(...more) {
  const result = await build({
    ...common,
    entryPoints: [...Object.keys(halves).map((half) => ({ in: `www/${half}`, out: `assets/${path.basename(half, ".js")}` })), ...["article.js", "article.css"].map((entry) => ({ in: `www/${entry}`, out: path.parse(entry).name })), ...parts],
    entryNames: "[dir]/[name]-[hash]",
    splitting: true,
    plugins: [...more, knowsFigures, withoutProse(), shortStyles],
    define: { LAB_ASSETS: JSON.stringify({ ...assets, build: order.build, modules, recordings, machines, drawn: drawn() }), LAB_HEIGHTS },
  });
  return { result, outputs: outputsOf(result, (file) => path.relative(order.dist, path.resolve(root, file))) };
}

/** The page's own scripts and style. Gives the outputs' description, for what depends on which file is which. */
async function bundlePage() {
  const { result, outputs } = await buildPage(fewerChunks((await buildPage()).outputs, root));
  keep(result);
  for (const { file, inputs } of outputs) {
    if (inputs["www/engine/assets.js"] && !file.startsWith("assets/")) {
      throw new Error(`www/engine/assets.js came to lie in ${file}, from where its relative URLs point nowhere. Is the engine imported statically?`);
    }
  }
  for (const half of Object.keys(halves)) halves[half] = `./${outputs.find(({ entryPoint }) => entryPoint === `www/${half}`)?.file}`;
  return outputs;
}

/** What the element fetches when its figure nears the viewport, one of the two; and where it lies, as seen from the element. @type {Record<string, string>} */
const halves = { "live.js": "", "reach/relay.js": "" };

/**
 * The element for other people's pages: one file, which shares no chunk with the lab's own page, so that it costs one request. The hash of its name
 * would have to be known to everybody who embeds it, so it has none.
 */
async function bundleElement() {
  const outside = {
    name: "second halves lie outside",
    setup(/** @type {import("esbuild").PluginBuild} */ { onResolve }) {
      onResolve({ filter: /^\.\/(live|reach\/relay)\.js$/ }, ({ path: asked, kind }) => (kind === "dynamic-import" ? { path: halves[asked.slice(2)], external: true } : undefined));
    },
  };
  // It reads attributes: what counters are, and what workers do, its second half knows.
  const facts = { ...described, counters: undefined, states: undefined };
  keep(await build({ ...common, entryPoints: ["www/lock-lab.js"], entryNames: "[name]", plugins: [outside, withoutProse(facts)], define: { LAB_HEIGHTS } }));
}

/** The page in English has its usual name, other languages' pages stand beside it. @param {string} language */
const pageIn = (language) => (language === "en" ? "index.html" : `index.${language}.html`);

/**
 * index.html and its like in each language: hashed names in place of {{article.js}} and the like, and every word already in it, so that it reads
 * before any script runs. Gives the files that it asks for at once.
 * @param {Awaited<ReturnType<typeof bundlePage>>} outputs @param {string} boot
 */
async function fillPages(outputs, boot) {
  /** @param {string} entry */
  const madeFrom = (entry) => outputs.find(({ entryPoint }) => entryPoint === entry);
  const script = madeFrom("www/article.js");
  const inputs = fs.readFileSync(path.join(root, "index.html"), "utf8");
  // What the script imports is asked for together with it, not after it; and what every figure needs.
  const early = closureOf(outputs, script?.file).slice(1);
  const soon = closureOf(outputs, madeFrom("www/live.js")?.file).filter((file) => !early.includes(file));
  /** @type {Record<string, string | undefined>} */
  const known = {
    "boot.js": boot,
    "article.js": script?.file,
    "article.css": madeFrom("www/article.css")?.file,
    "article.js.integrity": script && integrityOf(script.file),
    // Modules only: they are fetched in the same way wherever the page stands, while a frame without an origin could not check the others.
    preload: [...early, ...soon].map((file) => `<link rel="modulepreload" href="./${file}" integrity="${integrityOf(file)}">`).join("\n"),
    build: order.build,
  };
  const pages = Object.fromEntries(Object.entries(languages).map(([language, { tag }]) => [language, { tag, file: pageIn(language) }]));
  const about = { site: order.site, figures: Object.keys(reports).filter((figure) => files.has(`cards/${figure}.png`)), described: Object.keys(reports), drawn: drawn(), pages };
  const links = Object.entries(languages).map(([language, { tag, name }]) => `<a href="./${pageIn(language)}" data-language="${language}" hreflang="${tag}" lang="${tag}">${name}</a>`).join(" ");
  for (const language of Object.keys(languages)) {
    const { tag, dir = "ltr" } = languages[language];
    const words = await wordsIn(language);
    const { article } = words;
    // A figure that is being written has no recorded run yet.
    const stills = Object.fromEntries(Object.keys(manifests).map((figure) => [`still.${figure}`, reports[figure] ? stillOf(reports[figure], manifests[figure], words, about.figures.includes(figure) ? `./${cardOf(about, figure, language)}` : "") : ""]));
    const own = { ...known, ...stills, head: headFor(about, language, words), languages: links, language: `lang="${tag}" dir="${dir}"` };
    const { site } = about;
    if (site !== undefined) for (const figure of about.described) files.set(oembedFile(language, figure), Buffer.from(`${JSON.stringify(oembedFor({ ...about, site }, figure, language, words, article.title), null, 2)}\n`));
    const html = fillHtml(inputs, { article }).replace(/\{\{([\w.-]+)\}\}/g, (/** @type {string} */ _, /** @type {string} */ name) => {
      const value = own[/** @type {keyof typeof own} */ (name)];
      if (value === undefined) throw new Error(`index.html asks for {{${name}}}; there is ${Object.keys(own).join(", ")}`);
      return value;
    });
    files.set(pageIn(language), Buffer.from(html));
  }
  return new Set(["index.html", boot, script?.file, known["article.css"], ...early]);
}

/** What runs before the page is drawn must be a script of its own, and no module. Gives its name. @param {Awaited<ReturnType<typeof bundlePage>>} outputs */
async function bundleBoot(outputs) {
  const madeFrom = (/** @type {string} */ entry) => closureOf(outputs, outputs.find(({ entryPoint }) => entryPoint === entry)?.file).map((file) => `./${file}`);
  const table = (/** @type {string[]} */ names, /** @type {(name: string) => string[]} */ of) => Object.fromEntries(names.map((name) => [name, of(name)]));
  const spoken = Object.keys(languages);
  const known = {
    articles: table(spoken, (language) => madeFrom(`www/text/${language}/article.js`)),
    words: table(spoken, (language) => madeFrom(`www/text/${language}/words.js`)),
    figures: table(figureNames, (figure) => madeFrom(`www/figures/${figure}/view.js`)),
    figureWords: table(figureNames, (figure) => spoken.map((language) => madeFrom(`www/figures/${figure}/${language}.js`)[0])),
  };
  const result = await build({ ...common, entryPoints: ["www/boot.js"], format: "iife", define: { LAB_SCRIPTS: JSON.stringify(known), LAB_POLICY: JSON.stringify(order.policy) } });
  keep(result);
  return path.basename(Object.keys(result.metafile?.outputs ?? {})[0]);
}

/** The service worker keeps its name: browsers know it by that, and look for a new one under it. */
async function bundleServiceWorker() {
  const entry = path.join(www, "reach/service-worker.js");
  const pages = ["", ...Object.keys(languages).map(pageIn)];
  keep(await build({ ...common, entryPoints: [entry], entryNames: "[name]", format: "iife", define: { LAB_PAGES: JSON.stringify(pages) } }));
}

/** Both halves of every figure as plain text: what a figure's source links lead to is what this very build was made from. */
function takeSources() {
  for (const figure of figureNames) {
    const name = figure.replaceAll("-", "_");
    const parts = ["figure.js", "view.js"].map((file) => fs.readFileSync(path.join(www, "figures", figure, file), "utf8"));
    files.set(`source/${figure}.js.txt`, Buffer.from(parts.join("\n")));
    files.set(`source/${name}.rs.txt`, fs.readFileSync(path.join(root, "src/experiments", name, "mod.rs")));
  }
}

/** A file of data, named by its content: its URL as seen from the scripts' folder. @param {string} what @param {string} text */
function keepData(what, text) {
  const name = `${what}-${createHash("sha256").update(text).digest("hex").slice(0, 8)}.json`;
  files.set(`assets/${name}`, Buffer.from(text));
  return `./${name}`;
}

/** The runs that figures show before their reader has run anything; made by `cargo xtask record`. What each thread did is apart where a slice does without. */
function takeRecordings() {
  for (const figure of figureNames) {
    const folder = path.join(www, "figures", figure);
    const without = Object.entries(manifests[figure].slices).flatMap(([name, { lanes }]) => (lanes === false ? [`${figure}.${name}`] : []));
    for (const file of fs.readdirSync(folder).filter((name) => name.startsWith("recording."))) {
      const { report, ...did } = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8"));
      const whose = file.replace("recording", figure).replace(".json", "");
      if (whose === figure) reports[figure] = report;
      const parts = without.length ? { [whose]: { report }, [`${whose}.lanes`]: did } : { [whose]: { report, ...did } };
      recordings[whose] = Object.entries(parts).map(([name, part]) => keepData(name, JSON.stringify(part)));
    }
    for (const slice of without) recordings[slice] = (recordings[slice] ?? recordings[figure]).slice(0, 1);
  }
}

/** The figures' pictures for other sites; made by `cargo xtask picture`. They keep their names: other sites hold on to them. */
function takeCards() {
  const folder = path.join(www, "cards");
  for (const file of fs.existsSync(folder) ? fs.readdirSync(folder) : []) files.set(`cards/${file}`, fs.readFileSync(path.join(folder, file)));
}

/** What the same Rust code did on other machines, without a browser; CONTRIBUTING.md says how one comes here. */
function takeMachines() {
  const folder = path.join(root, "data/machines");
  for (const file of fs.readdirSync(folder)) {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    const url = keepData(path.basename(file, ".json"), text);
    for (const { figure } of JSON.parse(text)) (machines[figure] ??= []).push(url);
  }
}

function takeModule() {
  for (const file of fs.readdirSync(order.module)) {
    if (path.extname(file) === ".wasm") files.set(path.join("assets", wasmFolder, file), fs.readFileSync(path.join(order.module, file)));
  }
}

/** The licences of what is in the page go where it goes. */
function takeNotices() {
  const { notices } = order;
  if (notices) for (const name of fs.readdirSync(notices)) files.set(name, fs.readFileSync(path.join(notices, name)));
}

/** Types of the element, for editors and compilers. */
function takeTypes() {
  const schema = JSON.parse(fs.readFileSync(path.join(root, "docs/report.schema.json"), "utf8"));
  for (const [name, text] of Object.entries(typesFrom(schema))) files.set(name, Buffer.from(text));
}

/** What a browser may hold a file against. @param {string} name  in dist/ */
function integrityOf(name) {
  const contents = files.get(name);
  if (!contents) throw new Error(`there is no ${name} to take a digest of`);
  return `sha384-${createHash("sha384").update(contents).digest("base64")}`;
}

/** The digests of all scripts, for who embeds one of them, or checks a copy. */
function takeIntegrity() {
  const scripts = [...files.keys()].filter((name) => name.endsWith(".js")).sort();
  const digests = Object.fromEntries(scripts.map((name) => [name, integrityOf(name)]));
  files.set("integrity.json", Buffer.from(`${JSON.stringify(digests, null, 2)}\n`));
}

/** Writes what is new or other than before, and only then takes away what is gone: a page that is just being loaded finds all its files. */
function write() {
  // Files that name others come last.
  const ordered = [...files].sort(([a], [b]) => Number(!a.startsWith("assets/")) - Number(!b.startsWith("assets/")));
  for (const [name, contents] of ordered) {
    const file = path.join(order.dist, name);
    if (fs.existsSync(file) && fs.readFileSync(file).equals(contents)) continue;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // By way of another name: nobody ever reads half a file.
    fs.writeFileSync(`${file}.new`, contents);
    fs.renameSync(`${file}.new`, file);
  }
  sweep(order.dist);
}

/** @param {string} folder */
function sweep(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      sweep(file);
      if (fs.readdirSync(file).length === 0) fs.rmdirSync(file);
    } else if (!files.has(path.relative(order.dist, file))) fs.unlinkSync(file);
  }
}

takeModule();
takeSources();
takeRecordings();
takeCards();
takeMachines();
takeNotices();
takeTypes();
for (const role of ["pool", "counter", "coordinator", "owner", "alone"]) await bundleWorker(role);
const outputs = await bundlePage();
const early = await fillPages(outputs, await bundleBoot(outputs));
await bundleElement();
await bundleServiceWorker();
takeIntegrity();
write();
if (order.sizes) {
  const closure = (/** @type {string} */ entry) => closureOf(outputs, outputs.find(({ entryPoint }) => entryPoint === entry)?.file);
  const foreign = outputs.flatMap(({ entryPoint = "", file }) => (isForeign(entryPoint) ? [file] : []));
  await printSizes({ files, early, closure, foreign, assets, modules, recordings });
}
